package miroir.server.reports;

import static miroir.server.reports.ChangeKind.ARRIVAL;
import static miroir.server.reports.ChangeKind.CHANGED;
import static miroir.server.reports.ChangeKind.DEPARTURE;
import static miroir.server.reports.ChangeKind.ERASED;
import static miroir.server.reports.ChangeKind.MAILBOX;
import static miroir.server.reports.ChangeKind.MAILBOX_GONE;
import static miroir.server.reports.ChangeKind.MOVE;
import static miroir.server.reports.ChangeKind.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.structure.Structures;
import org.junit.jupiter.api.Test;

/** On shapes that the directory sends. */
final class ClassifyChangeTest {
    private static final Instant AT = Instant.parse("2026-11-28T04:12:00Z");
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());

    private static String shape(String name) throws IOException {
        try (InputStream file = ClassifyChangeTest.class.getResourceAsStream(name + ".json")) {
            return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static ResourceVersion.Live live(String json, long version) {
        var fhir = READER.read(json.getBytes(StandardCharsets.UTF_8));
        ResourceKey key = new ResourceKey(
                fhir.getString("resourceType").getValue(), fhir.getString("id").getValue());
        ResourceVersion.Origin origin =
                version == 1 ? ResourceVersion.Origin.PUT_CREATED : ResourceVersion.Origin.UPDATED;
        return new ResourceVersion.Live(key, version, AT, 1, origin, fhir);
    }

    private static Change change(String before, String now) {
        return ClassifyChange.of(live(now, 2), Before.of(live(before, 1)));
    }

    private static ResourceVersion.Deleted deleted(String json, boolean erased) {
        return new ResourceVersion.Deleted(live(json, 1).key(), 2, AT, erased);
    }

    @Test
    void of_firstVersion_isAnArrivalWithItsMailboxes() throws Exception {
        Change change = ClassifyChange.of(live(shape("practitioner"), 1), Before.nothing());

        assertThat(change.kinds()).containsExactly(ARRIVAL, MAILBOX);
        assertThat(change.after()).containsExactly("sophie.leclerc@mssante.fr");
        assertThat(change.about()).isEqualTo(new Known("Leclerc Sophie", "10101201234"));
    }

    @Test
    void of_stubAfterSomethingActive_isADeparture() throws Exception {
        String place = shape("organization");
        Change change = change(place, shape("organization-inactive"));

        assertThat(change.kinds()).containsExactly(DEPARTURE, MAILBOX_GONE);
        assertThat(change.before()).first().asString().endsWith("62600 BERCK");
    }

    @Test
    void of_deviceThatBecomesInactive_isADeparture_andBackAnArrival() throws Exception {
        String device = shape("device");
        String inactive = shape("device-inactive");

        assertThat(change(device, inactive).kinds()).containsExactly(DEPARTURE);
        assertThat(change(inactive, device).kinds()).containsExactly(ARRIVAL);
        assertThat(change(inactive, device).after()).containsExactly("Organization/001-01-960859");
    }

    @Test
    void of_deletion_isADeparture_unlessItWasAStub() throws Exception {
        String place = shape("organization");
        String stub = shape("organization-inactive");

        Change change = ClassifyChange.of(deleted(place, false), Before.of(live(place, 1)));
        assertThat(change.kinds()).contains(DEPARTURE, MAILBOX_GONE);
        assertThat(change.about().identifier()).isEqualTo("990001012");
        assertThat(ClassifyChange.of(deleted(stub, false), Before.of(live(stub, 1)))
                        .kinds())
                .containsExactly(CHANGED);
    }

    @Test
    void of_firstVersionThatIsAStub_isNoArrival() throws Exception {
        assertThat(ClassifyChange.of(live(shape("organization-inactive"), 1), Before.nothing())
                        .kinds())
                .containsExactly(CHANGED);
    }

    @Test
    void of_whatHasNoContent_saysSo() throws Exception {
        String place = shape("organization");

        Change erased = ClassifyChange.of(deleted(place, true), Before.nothing());
        assertThat(erased.kinds()).containsExactly(ERASED);
        assertThat(erased.about()).isEqualTo(Known.nothing());
        assertThat(ClassifyChange.of(live(place, 7), Before.notKept()).kinds()).containsExactly(UNKNOWN);
        assertThat(ClassifyChange.of(deleted(place, false), Before.notKept()).kinds())
                .containsExactly(UNKNOWN);
    }

    @Test
    void of_anotherAddress_isAMove() throws Exception {
        String place = shape("organization");
        Change change = change(place, place.replace("\"BERCK\"", "\"LYON\"").replace("62600", "69003"));

        assertThat(change.kinds()).containsExactly(MOVE);
        assertThat(change.before()).singleElement().asString().endsWith("62600 BERCK");
        assertThat(change.after()).singleElement().asString().endsWith("69003 LYON");
    }

    /** Its parts are extensions, and a part of the street is a part of the address. */
    @Test
    void of_anotherStreet_isAMove() {
        assertThat(change(place("\"R\"", "DIDOT"), place("\"R\"", "LECOURBE")).kinds())
                .containsExactly(MOVE);
        assertThat(change(place("\"R\"", "DIDOT"), place("\"AV\"", "DIDOT")).kinds())
                .containsExactly(MOVE);
    }

    @Test
    void of_theSameAddressWrittenOtherwise_isNoMove() {
        String parts = place("\"R\"", "DIDOT");
        String line = place("\"R\"", "DIDOT")
                .replaceAll("\"line\":\\[null],\"_line\":\\[.*]}],", "\"line\":[\"12 r  Didot\"],")
                .replace("\"city\":\"PARIS\"", "\"city\":\"75014 Paris\"");

        assertThat(line).doesNotContain("_line");
        assertThat(change(parts, line).kinds()).containsExactly(CHANGED);
    }

    @Test
    void of_anAddressThatWasNotKnown_isNoMove() {
        String none = "{\"resourceType\":\"Organization\",\"id\":\"o\",\"active\":true}";

        assertThat(change(none, place("\"R\"", "DIDOT")).kinds()).containsExactly(CHANGED);
        assertThat(change(place("\"R\"", "DIDOT"), none).kinds()).containsExactly(CHANGED);
    }

    private static String place(String kind, String street) {
        return """
                {"resourceType":"Organization","id":"o","active":true,"address":[{"line":[null],"_line":[{"extension":[\
                {"url":"http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-streetNameBase","valueString":"%s"},\
                {"url":"http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-houseNumber","valueString":"12"},\
                {"url":"http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-streetNameType","valueString":%s}]}],\
                "city":"PARIS","postalCode":"75014"}]}""".formatted(street, kind);
    }

    @Test
    void of_roleAtAnotherPlace_isAMove() throws Exception {
        String role = shape("role");
        Change change = change(role, role.replace("001-01-1267408", "001-01-7"));

        assertThat(change.kinds()).containsExactly(MOVE);
        assertThat(change.before()).containsExactly("Organization/001-01-1267408");
        assertThat(change.after()).containsExactly("Organization/001-01-7");
        assertThat(change.person()).isEqualTo("Practitioner/003-3422245-5139408");
    }

    @Test
    void of_anotherMailbox_isANewOneAndOneThatIsGone() throws Exception {
        String role = shape("role");
        Change change = change(role, role.replace("cabinet.dupont-fictif@", "cabinet.durand-fictif@"));

        assertThat(change.kinds()).containsExactly(MAILBOX, MAILBOX_GONE);
        assertThat(change.before()).containsExactly("cabinet.dupont-fictif@medecin.mssante.fr");
        assertThat(change.after()).containsExactly("cabinet.durand-fictif@medecin.mssante.fr");
        assertThat(change(role, role.replace("cabinet.dupont", "Cabinet.Dupont"))
                        .kinds())
                .containsExactly(CHANGED);
    }

    /** Places have phones and ordinary mail as well. */
    @Test
    void of_otherMail_isNoMailbox() throws Exception {
        String place = shape("organization");

        assertThat(change(place, place.replace("contact@tilleuls", "accueil@tilleuls"))
                        .kinds())
                .containsExactly(CHANGED);
    }
}
