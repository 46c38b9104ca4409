package miroir.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.structure.ServedTypes;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.FhirConfiguration;
import miroir.server.configuration.LimitsConfiguration;
import miroir.server.configuration.ServerConfiguration;

/** Says what the configuration that {@link ServerMain} would read comes to, line by line, for {@code ./miroir start}. */
final class ConfigurationMain {
    private ConfigurationMain() {}

    public static void main(String[] arguments) throws IOException {
        try {
            ServerConfiguration configuration = ServerMain.configuration(System.getenv());
            Path folder = ServerMain.folder(System.getenv());
            List<TenantFiles> tenants = TenantFiles.readAll(folder, configuration, System.getenv()::get);
            TenantFiles.requireApart(configuration, tenants);
            System.out.print(lines(configuration));
            tenants.forEach(each -> System.out.print(tokenLine(each.configuration())));
        } catch (ConfigurationRefused refused) {
            System.err.println(refused.getMessage());
            System.exit(ServerMain.CONFIGURATION_REFUSED);
        }
    }

    /** What the script has to know: where to ask, what to start, and how to load samples that the server will find. */
    static String lines(ServerConfiguration configuration) {
        return """
                address=%s
                port=%d
                tls=%s
                publicBase=%s
                ownBases=%s
                writable=%s
                writeTokenFile=%s
                uri=%s
                database=%s
                types=%s
                zone=%s
                stop=%d
                """.formatted(
                configuration.listen().address(),
                configuration.listen().port(),
                configuration.listen().tls().isPresent(),
                configuration.listen().publicBase().orElse(""),
                String.join(",", new TreeSet<>(configuration.ownBases())),
                configuration.access().writable(),
                configuration.access().writeTokenFile().map(Path::toString).orElse(""),
                configuration.database().uri(),
                configuration.database().name(),
                types(configuration.fhir()),
                configuration.fhir().zone(),
                secondsToStop(configuration.limits()));
    }

    /** Where the token of a tenant is. */
    static String tokenLine(ServerConfiguration tenant) {
        return "token." + tenant.tenant() + "="
                + tenant.access().writeTokenFile().map(Path::toString).orElse("") + "\n";
    }

    /** How long the server may take until it is gone, rounded up. */
    private static long secondsToStop(LimitsConfiguration limits) {
        return limits.drain().plus(limits.stop()).plusMillis(999).toSeconds();
    }

    private static String types(FhirConfiguration fhir) {
        if (fhir.allTypes()) {
            return ServedTypes.ALL;
        }
        Set<String> directory = ServedTypes.of(ServedTypes.DIRECTORY);
        return fhir.types().equals(directory) ? ServedTypes.DIRECTORY : String.join(",", new TreeSet<>(fhir.types()));
    }
}
