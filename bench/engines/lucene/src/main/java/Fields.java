import org.apache.lucene.facet.FacetsConfig;
import org.apache.lucene.search.similarities.BM25Similarity;

/** What the index is made of; the same when it is written and when it is read. */
final class Fields {
  static final String ID = "id";
  static final String TEXT = "text";
  static final String TITLE = "title";
  static final String LANGUAGE = "language";
  static final String[] FACETS = {"language", "collection", "creator", "year"};
  /** Values that are counted. */
  static final FacetsConfig COUNTED = new FacetsConfig();
  static final BM25Similarity BM25 = new BM25Similarity(1.2f, 0.75f);

  private Fields() {}
}
