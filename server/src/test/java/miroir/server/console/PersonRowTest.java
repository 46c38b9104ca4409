package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import miroir.index.store.ResourceKey;
import miroir.server.directory.DirectoryResource;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.Test;

final class PersonRowTest {
    private static final String NOS = "https://mos.esante.gouv.fr/NOS/TRE_%s-X/FHIR/TRE-%s-X";

    private static DirectoryResource resource(String type, String content) {
        BsonDocument document = BsonDocument.parse("{\"resourceType\":\"" + type + "\",\"id\":\"1\"," + content + "}");
        return new DirectoryResource(
                new ResourceKey(type, "1"), new RawBsonDocument(document, new BsonDocumentCodec()));
    }

    private static String coded(String table, String code, String display) {
        return "{\"coding\":[{\"system\":\"" + NOS.formatted(table, table) + "\",\"code\":\"" + code + "\""
                + (display.isEmpty() ? "" : ",\"display\":\"" + display + "\"") + "}]}";
    }

    @Test
    void row_ofADoctor_saysWhatPeopleWantToKnow() {
        DirectoryResource person = resource(
                "Practitioner",
                "\"active\":true,\"name\":[{\"family\":\"MARTIN\",\"given\":[\"Léa\"]}],"
                        + "\"identifier\":[{\"type\":{\"coding\":[{\"code\":\"IDNPS\"}]},\"value\":\"810\"},"
                        + "{\"type\":{\"coding\":[{\"code\":\"RPPS\"}]},\"value\":\"10\"}],"
                        + "\"qualification\":[{\"code\":" + coded("R48", "DE05", "DE Docteur en médecine")
                        + "},{\"code\":"
                        + coded("G15", "10", "Médecin") + "},{\"code\":" + coded("R38", "SM04", "") + "}]");
        DirectoryResource role = resource(
                "PractitionerRole",
                "\"practitioner\":{\"reference\":\"Practitioner/1\"},\"organization\":{\"reference\":\"Organization/1\"},\"code\":["
                        + coded("R21", "FON-01", "Titulaire") + "," + coded("R22", "GENR01", "Activité") + "]");
        DirectoryResource place = resource(
                "Organization",
                "\"active\":false,\"name\":\"CABINET\",\"telecom\":[{\"system\":\"phone\",\"value\":\"01\"},{\"system\":\"fax\",\"value\":\"02\"}],"
                        + "\"address\":[{\"line\":[\"1 RUE X\"],\"postalCode\":\"75001\",\"city\":\"PARIS\"}]");

        PersonRow row = PersonRow.of(person, List.of(role), Map.of("1", place));

        assertThat(row.name()).isEqualTo("MARTIN Léa");
        assertThat(row.professions()).containsExactly("Médecin");
        assertThat(row.specialties()).containsExactly("SM04");
        assertThat(row.number()).isEqualTo("10");
        assertThat(row.isRpps()).isTrue();
        PersonRow.PlaceRow shown = row.places().get(0);
        assertThat(shown.name()).isEqualTo("CABINET");
        assertThat(shown.isActive()).isFalse();
        assertThat(shown.functions()).containsExactly("Titulaire");
        assertThat(shown.addresses()).containsExactly("1 RUE X, 75001 PARIS");
        assertThat(shown.phones()).containsExactly("01");
    }

    @Test
    void row_ofAStub_isItsId() {
        PersonRow row = PersonRow.of(resource("Practitioner", "\"active\":false"), List.of(), Map.of());

        assertThat(row.name()).isEqualTo("1");
        assertThat(row.isActive()).isFalse();
        assertThat(row.number()).isEmpty();
    }

    @Test
    void professions_ofAnotherDirectory_areItsQualifications() {
        DirectoryResource person = resource(
                "Practitioner",
                "\"qualification\":[{\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"1\",\"display\":\"Nurse\"}]}}]");

        assertThat(PersonRow.of(person, List.of(), Map.of()).professions()).containsExactly("Nurse");
    }

    @Test
    void professions_thatOnlyARoleSays_areShown() {
        DirectoryResource role = resource("PractitionerRole", "\"code\":[" + coded("G15", "10", "Médecin") + "]");

        PersonRow row = PersonRow.of(resource("Practitioner", "\"active\":true"), List.of(role), Map.of());

        assertThat(row.professions()).containsExactly("Médecin");
        assertThat(row.places().get(0).name()).isEmpty();
    }
}
