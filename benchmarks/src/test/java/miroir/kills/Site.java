package miroir.kills;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.simulator.Kind;
import miroir.storage.MongoStoreSettings;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Definition;
import miroir.storage.testing.TestDatabase;
import miroir.sync.run.RunSettings;
import miroir.sync.testing.Mirroring;

/** Where everything is: a folder for configuration and logs, a database, and the directory that is copied into it. */
record Site(Path folder, TestDatabase database, LivingDirectory directory) {
    static final String LEADING = "miroir_sync_leading 1.0\n";

    private static final String TYPES =
            LivingDirectory.KINDS.stream().map(Kind::type).collect(Collectors.joining(","));

    /** Small windows and pages, so that there are some; what a day is in reality is a second or two here. */
    private static final String CONFIGURATION = """
            sources:
              up: {url: "%s", keyVariable: ANNUAIRE_API_KEY, quota: %d, pageSize: 20, timeout: 5s, patience: 10m}
            synchronisations:
              - {source: up, type: Organization, schedule: %s, fullEvery: 4d, guard: 50%%}
              - {source: up, type: PractitionerRole, schedule: %s, fullEvery: 4d, guard: 50%%}
            daemon: {lease: %ds, readers: 3, window: 100, retry: 1s, metricsPort: "${MIROIR_SYNC_METRICS_PORT:0}"}
            """;

    /** The names that these synchronisations have. */
    static List<Definition> definitions() {
        return LivingDirectory.KINDS.stream()
                .map(kind -> Definition.of("up", kind.type()))
                .toList();
    }

    /** What daemons are told. */
    Site configure(Duration lease, String schedule, int quota) throws IOException {
        Files.writeString(
                configuration(),
                CONFIGURATION.formatted(directory.simulator().base(), quota, schedule, schedule, lease.toSeconds()));
        return this;
    }

    private Path configuration() {
        return folder.resolve("sync.yaml");
    }

    KillableProcess daemon(String name) throws IOException {
        return new KillableProcess(
                folder,
                name,
                Map.of(
                        "MONGODB_URI",
                        database.uri(),
                        "MIROIR_DATABASE",
                        database.name(),
                        "MIROIR_TYPES",
                        TYPES,
                        "MIROIR_SEARCH_CONF",
                        KillableProcess.ROOT.resolve("conf/search").toString(),
                        "MIROIR_SYNC_CONFIG",
                        configuration().toString(),
                        "ANNUAIRE_API_KEY",
                        "any"),
                "MIROIR_SYNC_METRICS_PORT",
                List.of("sync-annuaire", "miroir.sync.SyncMain", "run"));
    }

    /** Whose reads secondaries answer where there are any. */
    KillableProcess server(String name) throws IOException {
        return new KillableProcess(
                folder,
                name,
                Map.of(
                        "MIROIR_CONF",
                        KillableProcess.ROOT.resolve("conf").toString(),
                        "MONGODB_URI",
                        database.uri(),
                        "MIROIR_DATABASE",
                        database.name(),
                        "MIROIR_DATABASE_READS",
                        "secondaries",
                        "MIROIR_TYPES",
                        TYPES),
                "MIROIR_PORT",
                List.of("server", "miroir.server.ServerMain"));
    }

    /** What daemons write down. */
    Ledger ledger() {
        return Ledger.open(MongoStoreSettings.of(database.uri(), database.name(), Set.of(TYPES.split(",", -1))));
    }

    /** The store as it is, and what compares it with the directory; it runs nothing. */
    Mirroring mirroring() {
        return Mirroring.of(
                database,
                Mirroring.source(directory.simulator().base()),
                RunSettings.standard(),
                definitions().toArray(Definition[]::new));
    }
}
