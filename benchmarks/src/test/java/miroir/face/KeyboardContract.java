package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** What is done by the keyboard alone. */
interface KeyboardContract extends Acting {
    @Test
    default void keyboard_reachesTheContentFirst() {
        browser().go(site().open("/"));
        browser().press(Keys.TAB);

        assertThat(browser().focused()).isEqualTo("skip");
        browser().press(Keys.ENTER);
        assertThat(browser().url()).endsWith("#main");
    }

    /** Logs in, opens what is folded up, fills in a form, is refused and corrects that, chooses, and takes it back. */
    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    default void forms_areSentByTheKeyboardAlone(String language) {
        Words words = Words.in(language);
        String name = "by-keys-" + language;
        Browser keys = visitor();
        go(keys, "/admin/login", words);
        keys.tabTo("#name");
        keys.keys("ada", Keys.TAB, FaceSite.PASSWORD);
        keys.enter();
        assertThat(keys.url()).endsWith("/admin/synchronisations");

        go(keys, "/admin/consumers", words);
        keys.tabTo("#new-consumer");
        keys.keys(Keys.SPACE, Keys.TAB, "No Name");
        keys.tabTo("#make-consumer");
        keys.enter();
        assertThat(keys.text("[role=alert]")).contains("No Name");
        keys.tabTo("#name");
        // Who comes to a field by the tabulator has all of it selected.
        keys.keys(name);
        keys.tabTo("#make-consumer");
        keys.enter();
        assertThat(keys.text(".notice[role=status]")).isEqualTo(words.say("done.ADD_CONSUMER"));
        keys.tabTo("a[href$='/admin/consumers/" + name + "']");
        keys.enter();
        keys.tabTo("#sure");
        keys.keys(Keys.ENTER);
        keys.tabTo("#delete");
        keys.enter();
        assertThat(keys.text(".notice[role=status]")).isEqualTo(words.say("done.DELETE_CONSUMER"));

        go(keys, "/admin/settings", words);
        keys.tabTo("#value-subscriptions-validation");
        // "automatic" begins like that, and the field is a list.
        keys.keys("a");
        keys.tabTo("#save-subscriptions-validation");
        keys.enter();
        assertThat(keys.text("#now-subscriptions-validation")).contains("automatic");
        keys.tabTo("#reset-subscriptions-validation");
        keys.enter();
        assertThat(keys.text("#now-subscriptions-validation")).contains("manual");
        assertThat(keys.complaints()).isEmpty();
        browser().didAlso(keys);
    }
}
