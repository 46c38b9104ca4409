package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is set, who is told of changes, what is exported, and the account of who is logged in. */
interface ServerContract extends Acting {
    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    default void settings_areSet_andGoBack(String language) {
        Words words = Words.in(language);
        go("/admin/settings", words);
        browser().type("value-search-maximumIncluded", "many");
        browser().follow("#save-search-maximumIncluded");
        assertThat(browser().text("[role=alert]")).contains("many");
        browser().type("value-search-maximumIncluded", "77");
        browser().follow("#save-search-maximumIncluded");
        assertThat(browser().text("#now-search-maximumIncluded"))
                .contains("77")
                .doesNotContain(words.say("setting.byDefault"));
        browser().assertUsable("a setting");
        browser().follow("#reset-search-maximumIncluded");
        assertThat(browser().text("#now-search-maximumIncluded")).contains("1000", words.say("setting.byDefault"));

        browser().choose("value-subscriptions-validation", "automatic");
        browser().follow("#save-subscriptions-validation");
        go("/admin/subscriptions", words);
        assertThat(browser().text("#rules")).contains(words.say("subs.automatic"));
        browser().follow("#rules a");
        browser().follow("#reset-subscriptions-validation");
        go("/admin/subscriptions", words);
        assertThat(browser().text("#rules")).contains(words.say("subs.manual"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    default void subscriptions_areApproved_paused_andResumed(String language) throws Exception {
        Words words = Words.in(language);
        String id = site().subscribe("Device?status=" + (language.equals("fr") ? "active" : "inactive"));
        String row = "[id='row-" + id + "'] .badge";
        go("/admin/subscriptions", words);
        assertThat(browser().text(row)).contains(words.say("subs.requested"));
        browser().follow("[id='subs.approve-" + id + "']");
        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.APPROVE_SUBSCRIPTION"));
        browser().follow("[id='subs.pause-" + id + "']");
        assertThat(browser().text(row)).contains(words.say("subs.off"));
        browser().follow("[id='subs.resume-" + id + "']");
        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.RESUME_SUBSCRIPTION"));
        assertThat(browser().text(row)).doesNotContain(words.say("subs.off"));
        browser().assertUsable("subscriptions");
    }

    /** It is made while somebody looks. */
    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    default void exports_areSeen_andEnded(String language) throws Exception {
        Words words = Words.in(language);
        go("/admin/exports", words);
        String name = site().export("Device");
        browser().awaitText("[id='row-" + name + "'] .badge", words.say("exports.complete"));
        browser().assertUsable("exports");

        browser().click("[id='sure-" + name + "']");
        browser().follow("[id='end-" + name + "']");

        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.DELETE_EXPORT"));
        assertThat(browser().has("[id='row-" + name + "']")).isFalse();
    }

    /** By the link that makes an administrator, another password, and out. */
    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    default void account_isMade_getsAnotherPassword_andIsLeft(String language) throws Exception {
        Words words = Words.in(language);
        String link =
                site().local().done("POST", "setup-link", "").getString("link").getValue();
        Browser somebody = visitor();
        somebody.go(link + "&lang=" + language);
        somebody.type("name", "first-" + language);
        somebody.type("password", FaceSite.PASSWORD);
        somebody.type("again", FaceSite.PASSWORD);
        somebody.follow("form.stack button");
        somebody.go(site().closed("/admin/account?lang=" + language));
        somebody.type("old", "not what it is");
        somebody.type("new", FaceSite.PASSWORD + "!");
        somebody.type("again", FaceSite.PASSWORD + "!");
        somebody.follow("#change");
        assertThat(somebody.text("[role=alert]")).contains(words.say("account.wrong"));
        somebody.assertUsableAtNight("a password that is refused, " + language);
        somebody.type("old", FaceSite.PASSWORD);
        somebody.type("new", FaceSite.PASSWORD + "!");
        somebody.type("again", FaceSite.PASSWORD + "!");
        somebody.follow("#change");
        assertThat(somebody.text(".notice[role=status]")).isEqualTo(words.say("done.CHANGE_PASSWORD"));
        somebody.follow("#log-out");
        logIn(somebody, "first-" + language, FaceSite.PASSWORD + "!");
        browser().didAlso(somebody);
    }
}
