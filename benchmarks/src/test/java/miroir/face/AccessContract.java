package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask: consumers with their tokens, roles, groups, administrators, and what applications ask for. */
interface AccessContract extends Acting {
    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    default void consumers_andWhatTheyMay(String language) throws Exception {
        Words words = Words.in(language);
        String name = "hospital-" + language;
        go("/admin/consumers", words);
        makeNamed("roles", "reads-" + language, "READ on *");
        browser().script("document.querySelector('#roles-reads-" + language + "').closest('details').open = true");
        browser().type("roles-reads-" + language, "READ, SEARCH on *");
        browser().follow("#save-roles-reads-" + language);
        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.PUT_ROLE"));
        makeNamed("groups", "all-" + language, "reader");
        browser().script("document.querySelector('#groups-all-" + language + "').closest('details').open = true");
        browser().type("groups-all-" + language, "reads-" + language);
        browser().follow("#save-groups-all-" + language);
        browser().click("#new-administrators");
        browser().type("administrators-name", "zoe-" + language);
        browser().choose("administrators-role", words.say("role.operator"));
        browser().type("administrators-password", FaceSite.PASSWORD);
        browser().follow("#make-administrators");
        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.ADD_ADMINISTRATOR"));

        browser().click("#new-consumer");
        browser().type("name", name);
        browser().type("contact", "somebody@example.org");
        browser().follow("#make-consumer");
        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.ADD_CONSUMER"));
        go("/admin/consumers/" + name, words);
        browser().type("label", "first");
        browser().follow("#issue");
        String secret = browser().text("#secret");
        assertThat(secret).startsWith("miroir_");
        browser().assertUsable("a secret");
        browser().follow("a.button");
        tryWith(secret, words);
        go("/admin/consumers/" + name, words);
        browser().follow("#block");
        assertThat(browser().text(".big .badge")).contains(words.say("state.blocked"));
        browser().follow("#block");
        browser().type("quota", "7");
        browser().follow("#save-quota");
        browser().type("groups", "all-" + language);
        browser().follow("#save");
        assertThat(browser().text("main ul")).contains("READ");
        browser().follow("[id^=revoke-]");
        assertThat(browser().source()).contains(words.say("token.none"));
        browser().click("#sure");
        browser().follow("#delete");
        assertThat(browser().source()).doesNotContain("somebody@example.org");

        browser().follow("#remove-groups-all-" + language);
        browser().follow("#remove-roles-reads-" + language);
        browser().follow("#remove-administrators-zoe-" + language);
        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.DELETE_ADMINISTRATOR"));
        assertThat(browser().complaints()).isEmpty();
    }

    private void makeNamed(String kind, String name, String parts) {
        browser().click("#new-" + kind);
        browser().type(kind + "-name", name);
        browser().type(kind + "-parts", parts);
        browser().follow("#make-" + kind);
    }

    /** Whoever has a token tries with it on the first page, which forgets it. */
    private void tryWith(String token, Words words) {
        Browser visitor = visitor();
        visitor.go(site().closed("/?lang=" + words.language()));
        visitor.click("[data-try]");
        visitor.awaitText("#try-answer", words.say("home.tokenFirst"));
        visitor.type("token", token);
        visitor.click("[data-try]");
        visitor.await("#try-answer li");
        assertThat(visitor.text("#try-answer p")).contains("ms");
        assertThat(visitor.count("#try-answer a")).isZero();
        visitor.assertUsable("an answer for a token");
        visitor.type("token", "miroir_wrong");
        visitor.click("#try-form button");
        visitor.await("#try-answer .notice.bad");
        assertThat(visitor.script("return sessionStorage.length + localStorage.length"))
                .isEqualTo(0L);
        visitor.go(site().closed("/"));
        assertThat(visitor.script("return document.getElementById('token').value"))
                .isEqualTo("");
        assertThat(visitor.complaints()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    default void requests_ofTokens(String language) throws Exception {
        Words words = Words.in(language);
        List<String> ids = new ArrayList<>();
        for (String each : List.of("wanted", "unwanted")) {
            ids.add(site().local()
                    .done(
                            "POST",
                            "requests",
                            "{\"name\":\"" + each + "-" + language
                                    + "\",\"contact\":\"me@example.org\",\"reason\":\"to read\"}")
                    .getString("id")
                    .getValue());
        }
        go("/admin/consumers", words);
        browser().assertUsable("requests");
        browser().follow("[id='accept-" + ids.get(0) + "']");
        assertThat(browser().text(".notice[role=status]")).isEqualTo(words.say("done.ACCEPT_REQUEST"));
        browser().follow("[id='refuse-" + ids.get(1) + "']");
        assertThat(browser().source()).contains(words.say("request.accepted"), words.say("request.refused"));
    }
}
