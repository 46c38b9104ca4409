package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that people do on the pages, in both languages, where reading takes a token unless it says otherwise. How pages are is in {@link FaceIT}. */
@Tag("long")
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FaceActionsIT
        implements SynchronisationContract,
                AccessContract,
                ServerContract,
                FindingContract,
                KeyboardContract,
                PlainContract,
                WatchingContract,
                ListeningContract {
    private FaceSite site;
    private Browser browser;
    private Browser plain;
    private Browser other;
    private Browser visitor;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        Browser.require();
        site = FaceSite.start(database);
        browser = Browser.open();
        plain = Browser.withoutScripts();
        logIn(browser, "ada", FaceSite.PASSWORD);
        other = Browser.open();
        visitor = Browser.open();
        logIn(plain, "ada", FaceSite.PASSWORD);
        logIn(other, "ada", FaceSite.PASSWORD);
    }

    @AfterAll
    void stop() throws Exception {
        Acting.close(visitor, other, plain, browser, site);
    }

    @Override
    public FaceSite site() {
        return site;
    }

    @Override
    public Browser browser() {
        return browser;
    }

    @Override
    public Browser plain() {
        return plain;
    }

    @Override
    public Browser other() {
        return other;
    }

    @Override
    public Browser visitor() {
        visitor.go(site.closed("/parameters"));
        visitor.forget();
        return visitor;
    }

    /** Whatever a form of a page asks for, some test here has sent from a page of that kind in that language. */
    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    @Order(Integer.MAX_VALUE)
    void actions_thatAreOffered_wereAllDone(String language) {
        for (String path : List.of("/admin/consumers", "/admin/settings", "/admin/sources", "/admin/account")) {
            browser.go(site.closed(path));
        }
        Set<Browser.Act> left = new TreeSet<>(browser.offered());
        left.removeAll(browser.done(language));

        assertThat(browser.offered()).hasSizeGreaterThan(30);
        assertThat(left).as("not done in %s", language).isEmpty();
    }
}
