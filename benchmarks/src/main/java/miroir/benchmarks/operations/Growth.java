package miroir.benchmarks.operations;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The same operations at several sizes of the directory, each ten times as large as the one before: what grows faster than its answer is seen. */
record Growth(String uri, String name, String revision, Consumer<String> progress) {
    /** With their roles, places, services and devices about three times as many resources. */
    private static final List<Integer> PRACTITIONERS = List.of(3_200, 32_000, 320_000);

    GrowthReport run() throws Exception {
        List<Report> reports = new ArrayList<>();
        for (int practitioners : PRACTITIONERS) {
            progress.accept(practitioners + " practitioners");
            reports.add(new OperationsBenchmark(Plan.ofSize(practitioners), uri, name, revision, progress).run(null));
        }
        return new GrowthReport(reports);
    }
}
