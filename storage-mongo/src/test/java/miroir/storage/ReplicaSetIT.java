package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import miroir.storage.testing.TestMongod;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // the process is only there to be closed
final class ReplicaSetIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void awaitWritable_freshThenAgain_takesWrites() throws Exception {
        int port = freePort();
        try (Mongod mongod = new Mongod(port)) {
            ReplicaSet set = new ReplicaSet("some", port);
            set.awaitWritable(LIMIT);
            set.awaitWritable(LIMIT);

            assertThat(count(set)).isZero();
        }
    }

    @Test
    void awaitWritable_onAnotherPort_keepsWhatWasWritten() throws Exception {
        int first = freePort();
        try (Mongod mongod = new Mongod(first)) {
            ReplicaSet set = new ReplicaSet("some", first);
            set.awaitWritable(LIMIT);
            insert(set);
        }
        int second = freePort();
        try (Mongod mongod = new Mongod(second)) {
            ReplicaSet set = new ReplicaSet("some", second);
            set.awaitWritable(LIMIT);

            assertThat(count(set)).isEqualTo(1);
        }
    }

    private static void insert(ReplicaSet set) {
        try (MongoClient client = MongoClients.create(set.uri())) {
            client.getDatabase("some").getCollection("sample").insertOne(new Document("_id", 1));
        }
    }

    private static long count(ReplicaSet set) {
        try (MongoClient client = MongoClients.create(set.uri())) {
            return client.getDatabase("some").getCollection("sample").countDocuments();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private final class Mongod implements AutoCloseable {
        private final Process process;

        Mongod(int port) throws IOException {
            process = new ProcessBuilder(
                            TestMongod.binary().toString(),
                            "--port",
                            Integer.toString(port),
                            "--bind_ip",
                            "127.0.0.1",
                            "--nounixsocket",
                            "--dbpath",
                            folder.toString(),
                            "--replSet",
                            "some")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }
}
