package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** What one does is seen on the page of another one, who loads nothing again and goes on with what he does; he reads English. */
interface WatchingContract extends Acting {
    /** Opens the page, which says from then on whether it was loaded again. */
    private void watch(Browser other, String path) {
        other.go(site().closed(path + (path.contains("?") ? "&" : "?") + "lang=en"));
        asIfStreamsWereAll(other);
    }

    /** What would be asked for from time to time, where there is no stream, is counted. */
    private static void asIfStreamsWereAll(Browser other) {
        other.script("window.isStill = true; window.asked = 0; const ask = window.fetch;"
                + " window.fetch = (...what) => { window.asked++; return ask(...what); };");
    }

    private static void assertIsStill(Browser other) {
        assertThat(other.script("return window.isStill === true")).isEqualTo(true);
        assertThat(other.script("return window.asked")).isEqualTo(0L);
        assertThat(other.has("#stale")).isFalse();
        assertThat(other.complaints()).isEmpty();
    }

    /** How many there are is asked of the database every ten seconds. */
    @Test
    default void homeAndResources_countWhatComes() throws Exception {
        Browser other = other();
        watch(other, "/");
        go("/admin/resources", Words.in("fr"));
        asIfStreamsWereAll(browser());
        String row = "#row-ValueSet td.n";
        String before = other.text(row);
        assertThat(before).isNotEmpty();
        site().keep("ValueSet", "seen");
        Awaitility.await()
                .atMost(LONG)
                .until(() ->
                        !other.text(row).equals(before) && !browser().text(row).equals(before));
        assertIsStill(other);
        assertIsStill(browser());
    }

    /** He who types goes on typing, in a row below the one that came and in a form that is there for all. */
    @Test
    default void access_showsWhatAnotherOneMakes_andLeavesAloneWhatIsTyped() throws Exception {
        Browser other = other();
        site().local().done("PUT", "roles/typed", "{\"permissions\":[\"READ on *\"]}");
        watch(other, "/admin/consumers");
        other.click("#row-roles-typed summary");
        other.type("roles-typed", "SEARCH on Device");
        other.script("document.getElementById('roles-typed').setSelectionRange(3, 3)");

        go("/admin/consumers", Words.in("fr"));
        browser().click("#new-consumer");
        browser().type("name", "seen");
        browser().follow("#make-consumer");
        site().local().done("PUT", "roles/above", "{\"permissions\":[\"READ on *\"]}");

        other.await("#row-consumer-seen");
        other.await("#row-roles-above");
        assertThat(other.script("return document.activeElement.id + document.activeElement.selectionStart"))
                .isEqualTo("roles-typed3");
        assertThat(other.value("roles-typed")).isEqualTo("SEARCH on Device");

        // Whoever is too late is told that, and nothing of the other one's is lost.
        site().local().change("roles/typed", "{\"permissions\":[\"HISTORY on *\"]}");
        other.awaitText("#row-roles-typed summary", "HISTORY on *");
        assertThat(other.value("roles-typed")).isEqualTo("SEARCH on Device");
        assertIsStill(other);
        other.follow("#save-roles-typed");
        assertThat(other.has("[role=alert]")).isTrue();
        assertThat(other.text("#row-roles-typed summary")).contains("HISTORY on *");

        watch(other, "/admin/consumers/seen");
        other.type("label", "half a na");
        go("/admin/consumers/seen", Words.in("fr"));
        browser().type("label", "by night");
        browser().follow("#issue");
        String secret = browser().text("#secret");
        other.awaitText("#all-tokens", "by night");
        site().local().done("PUT", "consumers/seen/blocked", "{\"blocked\":true}");
        other.awaitText("#state", "Blocked");
        assertThat(other.value("label")).isEqualTo("half a na");
        assertThat(other.source()).doesNotContain(secret);
        assertIsStill(other);
    }

    @Test
    default void settings_showWhatAnotherOneSets_andLeaveAloneWhatIsTyped() throws Exception {
        Browser other = other();
        watch(other, "/admin/settings");
        other.type("value-search-maximumCount", "999");
        site().local().done("PUT", "settings/search.defaultCount", "{\"value\":\"44\"}");
        other.awaitText("#now-search-defaultCount", "44");
        assertThat(other.value("value-search-defaultCount")).isEqualTo("44");
        assertThat(other.has("#reset-search-defaultCount")).isTrue();
        site().local().done("PUT", "settings/search.maximumCount", "{\"value\":\"444\"}");
        other.awaitText("#now-search-maximumCount", "444");
        assertThat(other.value("value-search-maximumCount")).isEqualTo("999");
        assertIsStill(other);

        // What he typed is not put over what he had not seen when he began.
        other.follow("#save-search-maximumCount");
        assertThat(other.has("[role=alert]")).isTrue();
        assertThat(other.text("#now-search-maximumCount")).contains("444");
        site().local().remove("settings/search.maximumCount");
        site().local().remove("settings/search.defaultCount");
        other.awaitText("#now-search-defaultCount", "by default");
    }

    /** A form that nobody types in any more shows what was set meanwhile. */
    @Test
    default void settings_whoLeavesAFormAsItWas_seesWhatWasSetMeanwhile() throws Exception {
        Browser other = other();
        watch(other, "/admin/settings");
        other.click("#value-search-defaultCount");
        site().local().done("PUT", "settings/search.defaultCount", "{\"value\":\"45\"}");
        other.awaitText("#now-search-defaultCount", "45");
        assertThat(other.value("value-search-defaultCount")).isNotEqualTo("45");
        other.keys(Keys.TAB);
        Awaitility.await()
                .atMost(LONG)
                .until(() -> other.value("value-search-defaultCount").equals("45"));
        assertIsStill(other);
        site().local().remove("settings/search.defaultCount");
    }

    @Test
    default void subscriptions_areSeenAsTheyComeAndAreApproved() throws Exception {
        Browser other = other();
        watch(other, "/admin/subscriptions");
        String id = site().subscribe("Device?_id=seen");
        String badge = "[id='row-" + id + "'] .badge";
        other.awaitText(badge, "To be approved");
        go("/admin/subscriptions", Words.in("fr"));
        browser().follow("[id='subs.approve-" + id + "']");
        Awaitility.await().atMost(LONG).until(() -> !other.text(badge).contains("To be approved"));
        assertIsStill(other);
    }

    /** Whatever somebody does stands above what was done before, and who has unfolded something goes on reading it. */
    @Test
    default void audit_showsWhatAnotherOneDoes() throws Exception {
        Browser other = other();
        site().local().done("PUT", "roles/noted-before", "{\"permissions\":[\"READ on *\"]}");
        watch(other, "/admin/audit?type=PUT_ROLE");
        other.awaitText("#notes tbody", "noted-before");
        other.click("#notes tbody tr summary");
        site().local().done("PUT", "roles/noted-after", "{\"permissions\":[\"READ on *\"]}");
        other.awaitText("#notes tbody tr:first-child", "noted-after");
        assertThat(other.has("#notes tbody tr:first-child details[open]")).isFalse();
        assertThat(other.has("#notes tbody details[open]")).isTrue();
        assertIsStill(other);
    }
}
