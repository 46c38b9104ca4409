package miroir.sync.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Run;
import miroir.storage.sync.SourceDefinition;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunSettings;
import miroir.sync.testing.Mirroring;
import miroir.sync.testing.ScriptedUpstream;
import miroir.sync.testing.ScriptedUpstream.Response;
import miroir.sync.upstream.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A source that is asked at another address than before. */
@ExtendWith(MongoExtension.class)
class MovedSourceIT {
    private static final Definition ALL = Definition.of("up", "Organization");
    private static final RunSettings SMALL =
            new RunSettings(1, 10, Duration.ofDays(30), Duration.ofDays(3), RunSettings.INDEXES_FIRST);

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final TestDatabase database;

    MovedSourceIT(TestDatabase database) {
        this.database = database;
        Mirroring.empty(database);
        for (int i = 0; i < 15; i++) {
            upstream.put("o" + i, "\"name\":\"n" + i + "\"", upstream.now().minusSeconds(86_400L + i * 60L));
        }
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    private Source source(String path, String formerly) {
        Source plain = Mirroring.source(URI.create(at(path)));
        return new Source(
                plain.name(),
                plain.base(),
                plain.key(),
                plain.quota(),
                plain.timeout(),
                plain.pageSize(),
                plain.proxy(),
                plain.trust(),
                plain.patience(),
                formerly);
    }

    private String at(String path) {
        return upstream.base().resolve(path).toString();
    }

    /** As a process does that begins to lead. */
    private Run follow(Source source) {
        try (Mirroring mirroring = Mirroring.of(database, source, SMALL, ALL)) {
            assertThat(mirroring.leader().tryOnce()).isTrue();
            new BeginToLead(mirroring.parts(), mirroring.leader(), () -> {}).publish(List.of(ALL));
            return mirroring.run(ALL, false);
        }
    }

    @Test
    void publish_anotherAddress_isRefusedWithWhatToDo() {
        follow(source("/a", ""));

        assertThatThrownBy(() -> follow(source("/b", "")))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("sources.up.url")
                .hasMessageContaining(at("/b") + " is not where the copies in this database come from")
                .hasMessageContaining("'formerly: " + at("/a") + "'");
        assertThatThrownBy(() -> follow(source("/b", at("/c")))).isInstanceOf(ConfigurationRefused.class);
        assertThat(follow(source("/a", "")).full()).as("nothing has changed").isFalse();
    }

    @Test
    void publish_addressThatIsKnownToHaveMoved_readsEverythingAgainOnce() {
        follow(source("/a", ""));

        Run moved = follow(source("/b", at("/a")));

        assertThat(moved.full()).isTrue();
        assertThat(moved.reason()).isEqualTo("its source was at " + at("/a") + " before");
        assertThat(moved.counts().updated()).isZero();
        assertThat(follow(source("/b", at("/a"))).full()).isFalse();
        assertThat(follow(source("/c", SourceDefinition.ANYWHERE)).full()).isTrue();
    }

    @Test
    void publish_runThatStoodOpen_isNotGoneOnWith() {
        upstream.always(call -> call.number() > 12 ? Response.of(403, "") : null);
        assertThatThrownBy(() -> follow(source("/a", ""))).isInstanceOf(RunEnded.class);
        upstream.always(null);

        Run moved = follow(source("/b", at("/a")));

        assertThat(moved.reason()).contains("its source was at");
        assertThat(moved.counts().received()).isGreaterThanOrEqualTo(15);
    }

    @Test
    void publish_addressOfWhichNothingCame_bindsNobody() {
        upstream.always(call -> Response.of(403, "no"));
        assertThatThrownBy(() -> follow(source("/a", ""))).isInstanceOf(RunEnded.class);
        upstream.always(null);

        assertThat(follow(source("/b", "")).reason()).isEqualTo("no run was ever complete");
    }
}
