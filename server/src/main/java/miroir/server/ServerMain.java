package miroir.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.ServerConfiguration;

/** Starts the server from its configuration files and the environment, and stops it with the process. */
public final class ServerMain {
    private static final int CONFIGURATION_REFUSED = 2;

    private ServerMain() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> environment = System.getenv();
        Path folder = Path.of(environment.getOrDefault("MIROIR_CONF", "conf"));
        Path file = Optional.ofNullable(environment.get("MIROIR_CONFIG"))
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .orElse(folder.resolve("server.yaml"));
        configureLogs(folder.resolve("logback.xml"));
        try {
            ServerConfiguration configuration = ServerConfiguration.read(file.toString(), text(file), environment::get);
            Application application = Application.start(configuration, folder);
            Runtime.getRuntime().addShutdownHook(new Thread(application::close, "stop"));
        } catch (ConfigurationRefused refused) {
            System.err.println(refused.getMessage());
            System.exit(CONFIGURATION_REFUSED);
        }
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
