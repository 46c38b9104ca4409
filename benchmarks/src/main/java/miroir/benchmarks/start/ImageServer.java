package miroir.benchmarks.start;

import java.io.IOException;
import java.nio.file.Path;
import miroir.benchmarks.HttpConnection;
import miroir.benchmarks.ProcessCpu;
import miroir.benchmarks.ShippedServer;

/** The server as the image starts it, in a process of its own. */
record ImageServer(String uri, String database, Path image) {
    private static final int SEARCHES = 600;
    private static final int LEAST = 50;

    /** Starts it, asks it for something, and ends it. */
    Start start(String options) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(image.resolve("bin").resolve("miroir").toString(), "server");
        builder.environment().put("MIROIR_JAVA_OPTS", options);
        long began = System.nanoTime();
        try (ShippedServer server = ShippedServer.start(builder, uri, database)) {
            long millis = (System.nanoTime() - began) / 1_000_000;
            long pid = server.process().pid();
            long resident = ProcessCpu.residentMegabytes(pid);
            search(server.port());
            return new Start(millis, resident, ProcessCpu.residentMegabytes(pid));
        }
    }

    /** Pages of 50 and of 100 of several types, for which it needs buffers of several sizes. */
    private static void search(int port) throws IOException {
        try (HttpConnection connection = new HttpConnection(port)) {
            for (int i = 0; i < SEARCHES; i++) {
                String type = i % 3 == 0 ? "Organization" : i % 3 == 1 ? "PractitionerRole" : "Practitioner";
                String asked = "/fhir/" + type + "?active=true&_count=" + (LEAST << (i & 1));
                int status = connection.get(asked);
                if (status != 200) {
                    throw new IllegalStateException(asked + " was answered by " + status);
                }
            }
        }
    }
}
