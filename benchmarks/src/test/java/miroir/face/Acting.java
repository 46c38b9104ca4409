package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Predicate;
import miroir.storage.sync.Synchronisation;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** What all have who act on the pages of a site where reading takes a token. */
interface Acting {
    Duration LONG = Duration.ofSeconds(30);

    FaceSite site();

    /** One in which an administrator is logged in. */
    Browser browser();

    /** Another one, whose pages have no scripts. */
    Browser plain();

    /** One in which the same is logged in, who looks on: what is done to its pages before they are there is not done here. */
    Browser other();

    /** One in which nobody is logged in any more, and whoever likes may be. */
    Browser visitor();

    /** Closes those that were opened, each even where another one cannot be closed. */
    static void close(@Nullable AutoCloseable... all) throws Exception {
        Exception failed = null;
        for (AutoCloseable each : all) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    default void logIn(Browser who, String name, String password) {
        who.go(site().closed("/admin/login"));
        who.type("name", name);
        who.type("password", password);
        who.follow("form.stack button");
        assertThat(who.url()).endsWith("/admin/synchronisations");
    }

    default void go(String path, Words words) {
        go(browser(), path, words);
    }

    default void go(Browser who, String path, Words words) {
        who.go(site().closed(path + (path.contains("?") ? "&" : "?") + "lang=" + words.language()));
    }

    default void awaitSynchronisation(String name, Predicate<Synchronisation> condition) {
        Awaitility.await()
                .atMost(LONG)
                .until(() -> site().register().find(name).filter(condition).isPresent());
    }

    default void awaitNothingAsked() {
        Awaitility.await().atMost(LONG).until(() -> site().register().commands().isEmpty());
    }
}
