package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is done without scripts, which is as much: all of it are links and forms. The guard is told in {@link SynchronisationContract}. */
interface PlainContract extends Acting {
    @Test
    default void synchronisations_withoutScripts_areRun() {
        int before = site().register().runs("up/Device", 50).size();
        plain().go(site().closed("/admin/synchronisations?lang=fr"));
        plain().follow("[id='start-up-Device']");
        assertThat(plain().text(".notice[role=status]")).contains("demandé");
        Awaitility.await()
                .atMost(LONG)
                .until(() -> site().register().runs("up/Device", 50).size() > before);
        try (Browser leaver = Browser.withoutScripts()) {
            logIn(leaver, "vera", FaceSite.PASSWORD);
            leaver.follow("#log-out");
            leaver.go(site().closed("/admin/consumers"));
            assertThat(leaver.url()).contains("/admin/login?next=");
        }
    }

    @Test
    default void sources_withoutScripts_areMadeAndRemoved() {
        plain().go(site().closed("/admin/sources/new?lang=fr"));
        plain().type("name", "plain");
        plain().type("url", "not an address");
        plain().follow("#save");
        assertThat(plain().text("[role=alert]")).contains("not an address");
        assertThat(plain().value("name")).isEqualTo("plain");
        plain().type("url", site().simulator().base().toString());
        plain().follow("#save");
        Awaitility.await()
                .atMost(LONG)
                .until(() -> site().register().source("plain").isPresent());
        plain().go(site().closed("/admin/sources/plain?lang=fr"));
        assertThat(plain().isShown("#delete")).isFalse();
        plain().click("#sure");
        plain().follow("#delete");
        Awaitility.await()
                .atMost(LONG)
                .until(() -> site().register().source("plain").isEmpty());
    }

    /** A form that is folded up is there without scripts as well. */
    @Test
    default void consumers_withoutScripts_areMadeAndRemoved() {
        plain().go(site().closed("/admin/consumers?lang=fr"));
        assertThat(plain().isShown("#make-consumer")).isFalse();
        plain().click("#new-consumer");
        plain().type("name", "plain");
        plain().follow("#make-consumer");
        plain().follow("a[href$='/admin/consumers/plain']");
        plain().type("label", "first");
        plain().follow("#issue");
        assertThat(plain().text("#secret")).startsWith("miroir_");
        plain().follow("a.button");
        plain().type("quota", "none at all");
        plain().follow("#save-quota");
        assertThat(plain().text("[role=alert]")).contains("quota");
        assertThat(plain().value("quota")).isEqualTo("none at all");
        plain().follow("[id^=revoke-]");
        plain().follow("#block");
        assertThat(plain().text(".big .badge")).contains("Bloqué");
        plain().click("#sure");
        plain().follow("#delete");
        assertThat(plain().has("a[href$='/admin/consumers/plain']")).isFalse();
    }

    @Test
    default void settings_withoutScripts_areSetAndGoBack() {
        plain().go(site().closed("/admin/settings?lang=fr"));
        plain().type("value-search-defaultCount", "33");
        plain().follow("#save-search-defaultCount");
        assertThat(plain().text("#now-search-defaultCount")).contains("33");
        plain().follow("#reset-search-defaultCount");
        assertThat(plain().text("#now-search-defaultCount")).doesNotContain("33");
    }

    @Test
    default void subscriptionsAndExports_withoutScripts_areLookedAfter() throws Exception {
        String subscription = site().subscribe("Device?status=entered-in-error");
        plain().go(site().closed("/admin/subscriptions?lang=fr"));
        plain().follow("[id='subs.approve-" + subscription + "']");
        plain().follow("[id='subs.pause-" + subscription + "']");
        assertThat(plain().text("[id='row-" + subscription + "'] .badge")).contains("En pause");
        String export = site().export("Device");
        plain().go(site().closed("/admin/exports?lang=fr"));
        plain().click("[id='sure-" + export + "']");
        plain().follow("[id='end-" + export + "']");
        assertThat(plain().has("[id='row-" + export + "']")).isFalse();
    }

    /** A search by a form, and who did what by another one. */
    @Test
    default void searches_withoutScripts_areForms() {
        plain().go(site().closed("/?lang=fr"));
        plain().type("q", "martin");
        plain().follow("[role=search] button");
        assertThat(plain().text("#understood")).contains("martin");
        plain().go(site().closed("/admin/audit?lang=fr"));
        plain().type("type", "LOG_IN");
        plain().follow("#look");
        assertThat(plain().text("#notes tbody")).contains("LOG_IN");
    }
}
