package miroir.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.ServerConfiguration;
import org.jspecify.annotations.Nullable;

/** Starts the server from its configuration files and the environment, and stops it with the process. */
public final class ServerMain {
    static final int CONFIGURATION_REFUSED = 2;

    private ServerMain() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> environment = System.getenv();
        Path folder = folder(environment);
        configureLogs(folder.resolve("logback.xml"));
        try {
            ServerConfiguration configuration = configuration(environment);
            Application application = Application.start(
                    configuration,
                    folder,
                    TenantFiles.readAll(folder, configuration, environment::get),
                    System.out::println);
            Runtime.getRuntime().addShutdownHook(new Thread(application::close, "stop"));
        } catch (ConfigurationRefused refused) {
            System.err.println(refused.getMessage());
            System.exit(CONFIGURATION_REFUSED);
        }
    }

    /** What the file that the environment names comes to with that environment. */
    static ServerConfiguration configuration(Map<String, String> environment) throws IOException {
        return configuration(folder(environment), environment::get);
    }

    /** The same, of that folder where nothing names a file. */
    static ServerConfiguration configuration(Path folder, Function<String, @Nullable String> environment)
            throws IOException {
        Path file = Optional.ofNullable(environment.apply("MIROIR_CONFIG"))
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .orElse(folder.resolve("server.yaml"));
        return ServerConfiguration.read(file.toString(), text(file), environment);
    }

    static Path folder(Map<String, String> environment) {
        return Path.of(environment.getOrDefault("MIROIR_CONF", "conf"));
    }

    /** Logback reads the name when the first logger is made, which is why nothing above has one. */
    private static void configureLogs(Path file) {
        if (System.getProperty("logback.configurationFile") == null && Files.isReadable(file)) {
            System.setProperty("logback.configurationFile", file.toString());
        }
    }

    private static String text(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new ConfigurationRefused(
                    file.toString(), "cannot be read; MIROIR_CONFIG names another file, MIROIR_CONF another folder");
        }
        return Files.readString(file);
    }
}
