package miroir.sync.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of ours in a JVM of its own, started from the jars that users start it from. */
final class JavaProcess implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final Process process;
    private final ProcessFigures figures;
    private final Path output;

    /**
     * Starts it.
     *
     * @param output gets what it prints
     * @param options of the JVM
     * @param main its class, after the module that it is in: {@code simulator/miroir.simulator.http.SimulatorMain}
     */
    JavaProcess(Path output, List<String> options, String main, Map<String, String> environment, String... arguments)
            throws IOException {
        String module = main.substring(0, main.indexOf('/'));
        Path jars = ROOT.resolve(module).resolve("target/app");
        List<String> command = new ArrayList<>(List.of(JAVA.toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", jars.resolve("*").toString(), main.substring(module.length() + 1)));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(output.toFile()));
        builder.environment().putAll(environment);
        this.output = output;
        this.process = builder.start();
        this.figures = new ProcessFigures(process.pid());
    }

    /** Waits, but no longer than that; true where it has ended. */
    boolean hasEndedWithin(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitStatus() {
        return process.exitValue();
    }

    ProcessFigures figures() {
        return figures;
    }

    /** What it has printed so far. */
    String printed() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
