package miroir.sync.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.storage.sync.Command;
import miroir.storage.sync.Command.Verb;
import miroir.storage.sync.Definition;
import miroir.storage.sync.KnownSource;
import miroir.storage.sync.Register;
import miroir.storage.sync.Schedule;
import miroir.storage.sync.SourceDefinition;
import miroir.storage.sync.Synchronisation;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.run.RunSettings;
import miroir.sync.testing.Mirroring;
import miroir.sync.testing.ScriptedUpstream;
import miroir.sync.testing.ScriptedUpstream.Response;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sources and synchronisations that people define while a daemon runs. */
@ExtendWith(MongoExtension.class)
final class DefinitionsIT {
    private static final Definition OF_FILE = Definition.of("up", "Organization");
    private static final Definition OURS = Definition.of("other", "Organization");
    private static final RunSettings SMALL =
            new RunSettings(1, 10, Duration.ofDays(30), Duration.ofDays(3), RunSettings.INDEXES_FIRST);

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final ScriptedUpstream other = new ScriptedUpstream();
    private final Mirroring mirroring;
    private final Register register;

    DefinitionsIT(TestDatabase database) {
        Mirroring.empty(database);
        mirroring = Mirroring.of(database, Mirroring.source(upstream.base()), SMALL, OF_FILE);
        register = mirroring.register();
        for (int i = 0; i < 30; i++) {
            other.put("x" + i, "\"name\":\"n" + i + "\"", other.now().minusSeconds(86_400L + i * 60L));
        }
    }

    @AfterEach
    void close() {
        mirroring.close();
        upstream.close();
        other.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    private SourceDefinition source(URI base, String key) {
        return new SourceDefinition(
                "other",
                base,
                "ESANTE-API-KEY",
                key,
                10_000,
                Duration.ofSeconds(5),
                200,
                "",
                Duration.ofSeconds(2),
                "",
                Synchronisation.CONSOLE);
    }

    private void define(SourceDefinition source, long seen) {
        register.post(Command.define(source, seen, Instant.now()));
    }

    private void defineBoth() {
        define(source(other.base(), ""), 0);
        await().until(() -> register.source("other").isPresent());
        register.post(Command.define(OURS, 0, Instant.now()));
    }

    private boolean isComplete() {
        return register.find(OURS.name()).map(Synchronisation::mark).isPresent();
    }

    private boolean isObeyed() {
        return register.commands().isEmpty();
    }

    @Test
    void defined_whileItRuns_isCopied() {
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            defineBoth();
            await().until(this::isComplete);
        }

        assertThat(mirroring.versions(OURS)).hasSize(30);
        assertThat(register.find(OURS.name()).orElseThrow().isFromFile()).isFalse();
        assertThat(register.sources()).extracting(KnownSource::name).containsExactly("other", "up");
    }

    @Test
    void removed_whileItRuns_endsAndLeavesWhatItCopied() {
        AtomicInteger pages = new AtomicInteger();
        other.always(call -> {
            boolean isPage = other.answer(call).body().contains("\"resource\"");
            return isPage && pages.incrementAndGet() > 1 ? Response.of(503, "") : null;
        });
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            defineBoth();
            await().until(() -> pages.get() > 2);
            register.post(Command.remove(OURS.name(), Verb.REMOVE, OURS.version(), Instant.now()));

            await().until(() -> register.find(OURS.name()).isEmpty() && isObeyed());
            await().pollDelay(Duration.ofMillis(300))
                    .until(() -> register.find(OURS.name()).isEmpty());
            assertThat(register.openRuns()).isEmpty();
        }
        assertThat(mirroring.versions(OURS)).isNotEmpty();
    }

    @Test
    void changed_byWhoHasNotSeenIt_isLeftAsItIs() {
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            defineBoth();
            await().until(this::isComplete);
            Definition hourly = new Definition(
                    OURS.name(),
                    "other",
                    "Organization",
                    "",
                    Schedule.parse("1h"),
                    OURS.fullEvery(),
                    OURS.overlap(),
                    0.1,
                    0.1,
                    3);

            register.post(Command.define(hourly, 7, Instant.now()));
            await().until(this::isObeyed);
            assertThat(register.find(OURS.name()).orElseThrow().definition()).isEqualTo(OURS);

            register.post(Command.define(hourly, OURS.version(), Instant.now()));
            await().until(this::isObeyed);
            Synchronisation changed = register.find(OURS.name()).orElseThrow();
            assertThat(changed.definition()).isEqualTo(hourly);
            assertThat(changed.mark()).as("what it knows stays").isNotNull();
        }
    }

    @Test
    void ofTheFile_isTheFilesAlone() {
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            await().until(() -> register.find(OF_FILE.name()).isPresent());
            register.post(Command.remove(OF_FILE.name(), Verb.REMOVE, OF_FILE.version(), Instant.now()));
            register.post(Command.remove("up", Verb.REMOVE_SOURCE, 1, Instant.now()));
            await().until(this::isObeyed);

            assertThat(register.find(OF_FILE.name())).isPresent();
            assertThat(register.source("up")).isPresent();
        }
    }

    @Test
    void source_inUse_isNotRemoved_andUnusedIs() {
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            defineBoth();
            await().until(this::isComplete);
            long version = register.source("other").orElseThrow().definition().version();
            register.post(Command.remove("other", Verb.REMOVE_SOURCE, version, Instant.now()));
            await().until(this::isObeyed);
            assertThat(register.source("other")).isPresent();

            register.post(Command.remove(OURS.name(), Verb.REMOVE, OURS.version(), Instant.now()));
            await().until(this::isObeyed);
            register.post(Command.remove("other", Verb.REMOVE_SOURCE, version, Instant.now()));
            await().until(this::isObeyed);
            assertThat(register.source("other")).isEmpty();
        }
    }

    @Test
    void source_thatIsElsewhere_isRefused_unlessItSaysThatItMoved() {
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            defineBoth();
            await().until(this::isComplete);
            SourceDefinition before = register.source("other").orElseThrow().definition();
            define(source(upstream.base(), ""), before.version());
            await().until(this::isObeyed);

            assertThat(register.source("other").orElseThrow().definition()).isEqualTo(before);
        }
    }

    /** What was copied stays, and is ordered by the clock of where it came from. */
    @Test
    void source_removedAndDefinedElsewhere_isRefusedAsLongAsThereMayBeCopies() {
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            defineBoth();
            await().until(this::isComplete);
            long version = register.source("other").orElseThrow().definition().version();
            register.post(Command.remove(OURS.name(), Verb.REMOVE, OURS.version(), Instant.now()));
            await().until(this::isObeyed);
            register.post(Command.remove("other", Verb.REMOVE_SOURCE, version, Instant.now()));
            await().until(this::isObeyed);

            define(source(upstream.base(), ""), 0);
            await().until(this::isObeyed);
            assertThat(register.source("other")).isEmpty();

            define(source(other.base(), ""), 0);
            await().until(this::isObeyed);
            assertThat(register.source("other")).isPresent();
        }
    }

    @Test
    void source_tried_saysWhatCameOfIt() {
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            defineBoth();
            await().until(this::isComplete);
            register.post(Command.of("other", Verb.TRY_SOURCE, Instant.now()));
            await().until(this::isObeyed);
            KnownSource.Trial good = tried();
            assertThat(good.total()).isEqualTo(30);
            assertThat(good.isGood()).isTrue();

            other.always(call -> Response.of(401, ""));
            register.post(Command.of("other", Verb.TRY_SOURCE, Instant.now()));
            await().until(this::isObeyed);
            KnownSource.Trial bad = tried();
            assertThat(bad.isGood()).isFalse();
            assertThat(bad.failure()).isNotBlank();
        }
    }

    private KnownSource.Trial tried() {
        return Objects.requireNonNull(register.source("other").orElseThrow().tried());
    }

    @Test
    void key_thatTheDaemonDoesNotHave_isSaidWithItsName() {
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            define(source(other.base(), "absent"), 0);
            await().until(() -> register.source("other").isPresent());
            register.post(Command.define(OURS, 0, Instant.now()));

            await().until(() -> register.find(OURS.name())
                    .filter(each -> each.state() == Synchronisation.State.KO)
                    .isPresent());
            assertThat(register.find(OURS.name()).orElseThrow().cause())
                    .contains("absent", "MIROIR_SOURCE_KEY_ABSENT", "daemon.keys");
        }
    }
}
