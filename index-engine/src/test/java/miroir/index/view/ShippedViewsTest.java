package miroir.index.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the shipped views make of resources of the directory. */
class ShippedViewsTest {
    private static final Path FOLDER = Path.of(System.getProperty("miroir.root", ".."), "conf", "views");
    private static final String PNEUMOLOGIST = "synthetic-v2-practitioner-medecin-pneumo";
    private static final String NURSING_HOME = "synthetic-v2-organization-EG-ehpad-mss";
    private static final String ROLE = "synthetic-v2-practitionerrole-liberal-mss";

    private static ViewRows rows(String view, String resource) throws IOException {
        ViewRows rows = ViewRows.of(Files.readString(FOLDER.resolve(view + ".json")));
        rows.add(read(resource));
        return rows;
    }

    private static RawBsonDocument read(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                ShippedViewsTest.class.getResourceAsStream("/directory/" + name + ".json"), name)) {
            return new ResourceReader(Structures.r4(), new ReadLimits(1 << 20, 50)).read(in.readAllBytes());
        }
    }

    /** A row, without what is null in it. */
    private static Map<String, String> first(ViewRows rows) {
        Map<String, String> row = new TreeMap<>();
        List<@Nullable String> cells = rows.rows().get(0);
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            if (cell != null) {
                row.put(rows.names().get(i), cell);
            }
        }
        return row;
    }

    @Test
    void views_areCalledAsTheirFiles() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Path> all = files.sorted().toList();
            assertThat(all).hasSize(8);
            for (Path file : all) {
                View view = ViewRows.of(Files.readString(file)).view();
                assertThat(file).hasFileName(view.id() + ".json");
                assertThat(view.name()).isEqualTo(String.valueOf(view.id()).replace('-', '_'));
            }
        }
    }

    @Test
    void practitioner_hasNumbersAndNames() throws IOException {
        assertThat(first(rows("practitioner", PNEUMOLOGIST)))
                .containsEntry("key", "Practitioner/003-3422245-5139408")
                .containsEntry("rpps", "10009990007")
                .containsEntry("idnps", "810009990007")
                .containsEntry("family", "DUPONT-FICTIF")
                .containsEntry("given", "LIN")
                .containsEntry("profession", "10")
                .containsEntry("category", "C")
                .containsEntry("active", "true");
    }

    @Test
    void qualifications_areOneRowForEachCode() throws IOException {
        ViewRows rows = rows("practitioner-qualification", PNEUMOLOGIST);
        assertThat(rows.rows())
                .hasSize(8)
                .allSatisfy(
                        row -> assertThat(row).startsWith("Practitioner/003-3422245-5139408", "10009990007", "true"));
        assertThat(rows.rows().get(7))
                .endsWith(
                        "3",
                        "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale",
                        "SM41",
                        null);
    }

    @Test
    void activity_hasKeysOfWhoAndWhere() throws IOException {
        assertThat(first(rows("activity", ROLE)))
                .containsEntry("key", "PractitionerRole/005-5087586-6923328")
                .containsEntry("practitioner_key", "Practitioner/003-3422245-5139408")
                .containsEntry("organization_key", "Organization/001-01-1267408")
                .containsEntry("identifier", "1019990001")
                .containsEntry("kind", "GENR01")
                .containsEntry("mode", "L")
                .containsEntry("liberal_kind", "ACT-LIB-01")
                .containsEntry("function", "FON-01");
    }

    @Test
    void organization_hasNumbersAndTheAddressInParts() throws IOException {
        assertThat(first(rows("organization", NURSING_HOME)))
                .containsEntry("finess_place", "990001012")
                .containsEntry("siret", "99000100700015")
                .containsEntry("sector", "SA17")
                .containsEntry("category", "500")
                .containsEntry("naf", "87.10A")
                .doesNotContainKeys("finess_legal", "siren");
        assertThat(first(rows("organization", "synthetic-v2-organization-EG-pharmacie-licence")))
                .containsEntry("house_number", "14")
                .containsEntry("street_type", "QU")
                .containsEntry("street_name", "DU COMMERCE")
                .containsEntry("postal_code", "62100")
                .containsEntry("city", "CALAIS")
                .containsEntry("insee_code", "62193")
                .containsEntry("part_of_key", "Organization/001-02-519021")
                .doesNotContainKey("line");
    }

    @Test
    void mailboxes_haveTheirOwners() throws IOException {
        assertThat(rows("practitioner-mailbox", PNEUMOLOGIST).rows())
                .hasSize(2)
                .contains(Arrays.asList(
                        "Practitioner/003-3422245-5139408",
                        "true",
                        "lin.dupont-fictif@medecin.mssante.fr",
                        "PER",
                        null,
                        null,
                        "true"));
        assertThat(rows("activity-mailbox", ROLE).rows()).hasSize(1);
        assertThat(rows("organization-mailbox", NURSING_HOME).rows()).isNotEmpty();
        assertThat(rows("organization-mailbox", NURSING_HOME).names())
                .isEqualTo(rows("practitioner-mailbox", PNEUMOLOGIST).names());
    }

    @Test
    void json_isTheWholeResource() throws IOException {
        RawBsonDocument resource = read(PNEUMOLOGIST);
        assertThat(first(rows("practitioner-json", PNEUMOLOGIST))).containsEntry("resource", resource.toJson());
    }
}
