package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources and what is copied from them: made, tried, run, stopped, confirmed, removed. */
interface SynchronisationContract extends Acting {
    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    default void sources_andSynchronisations(String language) {
        Words words = Words.in(language);
        String source = "second-" + language;
        String dotted = source + ".HealthcareService.part";
        String name = dotted.replace('.', '/');
        String id = dotted.replace('.', '-');
        go("/admin/sources", words);
        browser().follow("a.button");
        browser().type("name", source);
        browser().type("url", "not an address");
        browser().follow("#save");
        assertThat(browser().text("[role=alert]")).contains(words.say("failure.client"), "not an address");
        browser().type("url", site().simulator().base().toString());
        browser().follow("#save");
        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.ADD_SOURCE"));
        browser().awaitAndFollow("#try-" + source);
        browser().awaitText("#sources", words.say("type.Organization"));
        awaitNothingAsked();
        go("/admin/sources/" + source, words);
        browser().type("quota", "77");
        browser().follow("#save");
        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.PUT_SOURCE"));
        awaitNothingAsked();

        go("/admin/synchronisations/new", words);
        browser().choose("source", source);
        browser().choose("type", "HealthcareService");
        browser().type("name", "part");
        browser().type("filter", "active=true");
        browser().follow("#save");
        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.ADD_SYNCHRONISATION"));
        awaitSynchronisation(name, each -> each.mark() != null);
        go("/admin/synchronisations", words);
        browser().awaitAndFollow("[id='full-" + id + "']");
        awaitNothingAsked();
        awaitSynchronisation(name, each -> each.run() == null && !each.wanted());
        browser().awaitAndFollow("[id='stop-" + id + "']");
        browser().awaitText("[id='row-" + id + "'] .badge", words.say("state.stopped"));
        browser().awaitAndFollow("[id='start-" + id + "']");
        awaitNothingAsked();
        awaitSynchronisation(name, each -> !each.stopped() && each.run() == null && !each.wanted());

        confirmWhatTheGuardHolds(words, dotted, name, id);

        browser().awaitAndFollow("[id='stop-" + id + "']");
        browser().awaitText("#detail .badge", words.say("state.stopped"));
        browser().awaitAndFollow("[id='start-" + id + "']");
        browser().await("[id='stop-" + id + "']");
        browser().click("#sure");
        browser().follow("#delete");
        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.DELETE_SYNCHRONISATION"));
        Awaitility.await().atMost(LONG).until(() -> site().register().find(name).isEmpty());
        go("/admin/sources/" + source, words);
        browser().click("#sure");
        browser().follow("#delete");
        Awaitility.await()
                .atMost(LONG)
                .until(() -> site().register().source(source).isEmpty());
        assertThat(browser().complaints()).isEmpty();
    }

    /** With another filter nothing of what was copied is selected any more: that is more than may be removed unasked. In French it is confirmed without scripts. */
    private void confirmWhatTheGuardHolds(Words words, String dotted, String name, String id) {
        go("/admin/synchronisations/" + dotted, words);
        browser().type("filter", "active=false");
        browser().follow("#save");
        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.PUT_SYNCHRONISATION"));
        awaitNothingAsked();
        go("/admin/synchronisations/" + dotted, words);
        browser().awaitAndFollow("[id='full-" + id + "']");
        awaitSynchronisation(name, each -> each.held() != null);
        browser().awaitText("#detail .badge", words.say("state.waiting"));
        browser().assertUsable("what the guard holds back, " + words.language());
        Browser confirming = words.language().equals("fr") ? plain() : browser();
        go(confirming, "/admin/synchronisations/" + dotted, words);
        confirming.click("#held");
        confirming.follow("#confirm");
        assertThat(confirming.text(".notice[role=status]")).isEqualTo(words.say("done.CONFIRM_SYNCHRONISATION"));
        browser().didAlso(plain());
        awaitSynchronisation(name, each -> each.held() == null);
    }

    @Test
    default void log_ofARun_isReadInTheConsole() {
        browser().go(site().closed("/admin/synchronisations/up.Organization?lang=fr"));
        assertThat(browser().text("#log")).contains("begins, ", "complete, ");
        browser().follow("#whole-log");
        assertThat(browser().text("#log")).contains("begins, ", "complete, ");
        assertThat(browser().count("#phases tbody tr")).isEqualTo(5);
    }
}
