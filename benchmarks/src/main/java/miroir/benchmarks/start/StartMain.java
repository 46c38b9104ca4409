package miroir.benchmarks.start;

import java.nio.file.Path;
import miroir.benchmarks.ReportMain;

/** Measures how soon the server of the image is ready, and writes the result to {@code docs/performance}. It is what {@code ./miroir bench --start} runs. */
public final class StartMain {
    private StartMain() {}

    public static void main(String[] arguments) throws Exception {
        String image = System.getenv("MIROIR_IMAGE_FOLDER");
        if (image == null) {
            ReportMain.refuse("start");
            return;
        }
        ReportMain.run(
                "start",
                arguments,
                (uri, database, revision, progress) ->
                        new StartBenchmark(uri, database, Path.of(image), revision, progress).run());
    }
}
