package miroir.benchmarks.ingest;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.benchmarks.ProcessCpu;
import miroir.simulator.http.SimulatorMain;

/** The simulated directory in a process of its own, so that its CPU can be told from the daemon's. */
record SimulatorProcess(Process process, URI base) implements AutoCloseable {
    private static final Pattern BASE = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/fhir/v2");

    /** No night with changes comes while it runs. */
    private static final String CLOCK = "2026-11-30T07:00:00Z";

    /** Starts one that has at least so many resources and no quota, and waits until it takes requests. */
    static SimulatorProcess start(int size) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SimulatorMain.class.getName(),
                        "--port",
                        "0",
                        "--quota",
                        "0",
                        "--clock",
                        CLOCK,
                        "--size",
                        Integer.toString(size))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher base = BASE.matcher(line);
            if (base.find()) {
                return new SimulatorProcess(process, URI.create(base.group()));
            }
        }
        process.destroy();
        throw new IllegalStateException("the simulator ended before it had an address");
    }

    double cpuSeconds() {
        return ProcessCpu.seconds(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
