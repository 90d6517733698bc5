import java.util.Arrays;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.WildcardQuery;

/** One query of the benchmark and what Lucene makes of it. */
record Asked(String kind, Query query) {
  /** From a line of the file of queries: kind, language and words, parted by tabs. */
  static Asked of(String line) {
    String[] parts = line.split("\t");
    List<String> words = Arrays.asList(parts).subList(2, parts.length);
    return new Asked(parts[0], query(parts[0], parts[1], words));
  }

  private static Query query(String kind, String language, List<String> words) {
    Term first = term(words.get(0));
    return switch (kind) {
      case "phrase" -> new PhraseQuery(Fields.TEXT, words.toArray(String[]::new));
      case "prefix" -> new PrefixQuery(first);
      case "wildcard" -> new WildcardQuery(first);
      case "fuzzy" -> new FuzzyQuery(first, 1);
      case "and" -> joined(words, Occur.MUST).build();
      case "filtered" -> new BooleanQuery.Builder()
          .add(joined(words, Occur.SHOULD).build(), Occur.MUST)
          .add(new TermQuery(new Term(Fields.LANGUAGE, language)), Occur.FILTER)
          .build();
      default -> joined(words, Occur.SHOULD).build();
    };
  }

  private static BooleanQuery.Builder joined(List<String> words, Occur occur) {
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    words.forEach(word -> builder.add(new TermQuery(term(word)), occur));
    return builder;
  }

  private static Term term(String word) {
    return new Term(Fields.TEXT, word);
  }
}
