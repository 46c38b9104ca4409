package miroir.sync.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import miroir.storage.sync.Command;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Synchronisation;
import miroir.storage.testing.TestDatabase;
import miroir.sync.testing.Mirroring;
import miroir.sync.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;

/** Organizations of an upstream that does what a test says, and their copy, which is empty when a test begins. */
abstract class CopiedOrganizations {
    static final String TYPE = "Organization";

    final ScriptedUpstream upstream = new ScriptedUpstream();
    final Definition all = definition("");
    final TestDatabase database;
    final Mirroring mirroring;
    private final RunSettings settings;

    /**
     * Which is made by such windows.
     *
     * @param window how many are read in one: to divide what is stamped within an hour takes a hundred calls
     */
    CopiedOrganizations(TestDatabase database, int window) {
        this.database = database;
        this.settings = new RunSettings(2, window, Duration.ofDays(30), Duration.ofDays(3), RunSettings.INDEXES_FIRST);
        Mirroring.empty(database);
        mirroring = mirroring();
    }

    /** Another process that makes the same copy. */
    final Mirroring mirroring() {
        return Mirroring.of(database, Mirroring.source(upstream.base()), settings, all);
    }

    @AfterEach
    void close() {
        mirroring.close();
        upstream.close();
    }

    static Definition definition(String filter) {
        Definition plain = Definition.of("up", TYPE);
        return new Definition(
                plain.name(),
                "up",
                TYPE,
                filter,
                plain.schedule(),
                Duration.ofDays(100),
                plain.overlap(),
                0.05,
                0.01,
                10);
    }

    void fill(int count) {
        for (int i = 0; i < count; i++) {
            upstream.put("o" + i, name("Pharmacie " + i), upstream.now().minusSeconds(86_400L + i * 60L));
        }
    }

    static String name(String name) {
        return "\"name\":\"" + name + "\"";
    }

    /** Not so counts, and what shows that a window is empty. */
    boolean holdsAny(ScriptedUpstream.Call call) {
        return upstream.answer(call).body().contains("\"resource\"");
    }

    List<String> owned() {
        return new ArrayList<>(mirroring.versions(all).keySet());
    }

    Synchronisation state() {
        return mirroring.register().find(all.name()).orElseThrow();
    }

    void obey(Command.Verb verb) {
        mirroring.register().obey(mirroring.leader().lease(), Command.of(all.name(), verb, Instant.now()), state());
    }

    CheckCopy check() {
        return new CheckCopy(
                all,
                state(),
                mirroring
                        .register()
                        .lastThatRejected(all.name())
                        .map(run -> run.counts().rejected())
                        .orElse(0L),
                mirroring.parts().upstream(all),
                mirroring.store().mirrored(),
                mirroring.parts().reader(all),
                settings,
                () -> false);
    }
}
