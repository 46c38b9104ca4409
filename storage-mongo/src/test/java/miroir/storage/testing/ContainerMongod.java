package miroir.storage.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.mongodb.MongoDBContainer;

/** A mongod in a container, removed by Testcontainers when the JVM is gone. */
final class ContainerMongod {
    private static final String IMAGE = "mongo:7.0";

    private ContainerMongod() {}

    /** Empty where no Docker engine answers, or Testcontainers is not on the class path. */
    static Optional<String> start() {
        // Looking for the socket first keeps Testcontainers from trying every strategy for seconds where there is none.
        return mayHaveDocker() ? Started.start() : Optional.empty();
    }

    private static boolean mayHaveDocker() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        return System.getenv("DOCKER_HOST") != null
                || Stream.of(
                                Path.of("/var/run/docker.sock"),
                                Path.of(System.getProperty("user.home"), ".docker", "run", "docker.sock"),
                                Path.of(runtime == null ? "/run" : runtime, "docker.sock"))
                        .anyMatch(Files::exists);
    }

    /** Apart, so that Testcontainers is loaded only where it is used. */
    private static final class Started {
        @SuppressWarnings("resource") // lives as long as the JVM
        static Optional<String> start() {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                return Optional.empty();
            }
            MongoDBContainer container = new MongoDBContainer(IMAGE).withReplicaSet();
            container.start();
            return Optional.of(container.getReplicaSetUrl());
        }
    }
}
