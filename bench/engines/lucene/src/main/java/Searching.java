import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.FacetsCollectorManager;
import org.apache.lucene.facet.sortedset.DefaultSortedSetDocValuesReaderState;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetCounts;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesReaderState;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.FSDirectory;

/**
 * Answers as bench/worker.py does: {@code Searching FOLDER QUERIES}, commands on standard input, one
 * line of JSON on standard output for each.
 */
final class Searching {
  private static final int LIMIT = 10;
  /** So many times everything is asked before times count, for the compiler to have seen it. */
  private static final int WARMING = 30;

  private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();
  private final List<Asked> asked = new ArrayList<>();
  private IndexSearcher searcher;
  private SortedSetDocValuesReaderState values;

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Searching searching = new Searching();
    for (String line : Files.readAllLines(Path.of(arguments[1]))) {
      searching.asked.add(Asked.of(line));
    }
    out.println(searching.opened(Path.of(arguments[0])));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] command = line.split(" ", 2);
      out.println(
          switch (command[0]) {
            case "warm" -> searching.warmed();
            case "run" -> searching.times(command[1]);
            case "answers" -> searching.answers();
            case "steps" -> "{}";
            default -> "null";
          });
    }
  }

  private String opened(Path folder) throws IOException {
    long wall = System.nanoTime();
    long cpu = clock.getCurrentThreadCpuTime();
    DirectoryReader reader = DirectoryReader.open(FSDirectory.open(folder));
    searcher = new IndexSearcher(reader);
    searcher.setSimilarity(Fields.BM25);
    // Whatever is asked is searched for: the others do not remember answers either.
    searcher.setQueryCache(null);
    long opened = System.nanoTime() - wall;
    for (Asked each : asked) {
      if (each.kind().equals("or")) {
        best(each);
        break;
      }
    }
    long first = System.nanoTime() - wall;
    cpu = clock.getCurrentThreadCpuTime() - cpu;
    values = new DefaultSortedSetDocValuesReaderState(reader, Fields.COUNTED);
    return String.format(
        Locale.ROOT,
        "{\"open_wall\": %.9f, \"wall\": %.9f, \"cpu\": %.9f}",
        opened / 1e9, first / 1e9, cpu / 1e9);
  }

  private String warmed() throws IOException {
    for (int round = 0; round < WARMING; round++) {
      for (Asked each : asked) {
        best(each);
      }
    }
    return "null";
  }

  private String times(String kind) throws IOException {
    StringJoiner times = new StringJoiner(", ", "[", "]");
    for (Asked each : asked) {
      if (each.kind().equals(kind)) {
        long wall = System.nanoTime();
        long cpu = clock.getCurrentThreadCpuTime();
        best(each);
        cpu = clock.getCurrentThreadCpuTime() - cpu;
        wall = System.nanoTime() - wall;
        times.add(String.format(Locale.ROOT, "[%.9f, %.9f]", cpu / 1e9, wall / 1e9));
      }
    }
    return times.toString();
  }

  private String answers() throws IOException {
    StringJoiner answers = new StringJoiner(", ", "[", "]");
    for (Asked each : asked) {
      TopDocs found = best(each);
      StringJoiner ids = new StringJoiner("\", \"", "[\"", "\"]").setEmptyValue("[]");
      for (ScoreDoc hit : found.scoreDocs) {
        ids.add(searcher.storedFields().document(hit.doc).get(Fields.ID));
      }
      answers.add("[" + found.totalHits.value + ", " + ids + "]");
    }
    return answers.toString();
  }

  /** The ten best and the exact total; with facets, their counts too. */
  private TopDocs best(Asked each) throws IOException {
    if (!each.kind().equals("facets")) {
      return searcher.search(
          each.query(), TopScoreDocCollector.createSharedManager(LIMIT, null, Integer.MAX_VALUE));
    }
    FacetsCollectorManager collected = new FacetsCollectorManager();
    FacetsCollectorManager.FacetsResult found =
        FacetsCollectorManager.search(searcher, each.query(), LIMIT, collected);
    FacetsCollector documents = found.facetsCollector();
    SortedSetDocValuesFacetCounts counts = new SortedSetDocValuesFacetCounts(values, documents);
    for (String facet : Fields.FACETS) {
      counts.getTopChildren(LIMIT, facet);
    }
    return found.topDocs();
  }
}
