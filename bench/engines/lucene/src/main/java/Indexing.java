import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/** Indexes a file of words: {@code Indexing WORDS FOLDER}. Prints its figures as JSON. */
final class Indexing {
  private static final int VALUES = 4;

  private Indexing() {}

  public static void main(String[] arguments) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer());
    config.setSimilarity(Fields.BM25).setRAMBufferSizeMB(150);
    int documents = 0;
    try (Directory directory = FSDirectory.open(Path.of(arguments[1]))) {
      try (BufferedReader lines = Files.newBufferedReader(Path.of(arguments[0]));
          IndexWriter writer = new IndexWriter(directory, config)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          writer.addDocument(Fields.COUNTED.build(document(line.split("\t", -1))));
          documents++;
        }
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        int segments = reader.leaves().size();
        System.out.printf("{\"documents\": %d, \"segments\": %d}%n", documents, segments);
      }
    }
  }

  private static Document document(String[] parts) {
    String title = parts[VALUES + 1];
    String text = parts[VALUES + 2];
    Document document = new Document();
    document.add(new StringField(Fields.ID, parts[0], Field.Store.YES));
    document.add(new StringField(Fields.LANGUAGE, parts[1], Field.Store.NO));
    for (int n = 0; n < VALUES; n++) {
      document.add(new SortedSetDocValuesFacetField(Fields.FACETS[n], parts[n + 1]));
    }
    document.add(new TextField(Fields.TITLE, title, Field.Store.NO));
    document.add(new TextField(Fields.TEXT, title, Field.Store.NO));
    document.add(new TextField(Fields.TEXT, text, Field.Store.NO));
    document.add(new StoredField("stored", title + "\n" + text));
    return document;
  }
}
