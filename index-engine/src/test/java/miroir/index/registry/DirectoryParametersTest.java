package miroir.index.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.store.ResourceKey;
import miroir.index.structure.Structures;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

/** The directory's own parameters find what they are for in the directory's own resources. */
final class DirectoryParametersTest {
    private static final Set<String> TYPES =
            Set.of("Organization", "Practitioner", "PractitionerRole", "Device", "HealthcareService");

    private final SearchParameterRegistry registry = RegistryLoader.load(TYPES, ShippedSearch.files());
    private final FieldExtractor extractor =
            new FieldExtractor(registry, new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of()));
    private final ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());

    @Test
    void organization_isFoundByWhatTheDirectoryAddsToIt() {
        BsonDocument pharmacy = fields("synthetic-v2-organization-EG-pharmacie-licence.json");
        assertThat(texts(pharmacy, "t_mailbox-mss")).containsExactly("pharmacie.port@pharmacien.mssante.fr");
        assertThat(texts(pharmacy, "t_mailbox-mss-type-value")).containsExactly("ORG");
        assertThat(texts(pharmacy, "t_pharmacy-licence")).containsExactly("62#000123");
        assertThat(texts(pharmacy, "t_data-information-system-value")).containsExactly("FINESS");
        assertThat(texts(pharmacy, "t_identifier-type-value")).containsExactly("IDNST", "FINEG");
        assertThat(texts(pharmacy, "t_address-insee-value")).containsExactly("62193");
        assertThat(texts(pharmacy, "t_address-department-value")).containsExactly("62");
        assertThat(texts(pharmacy, "t_address-line")).contains("DU COMMERCE");
    }

    @Test
    void practitioner_isFoundByCardAndQualification() {
        BsonDocument practitioner = fields("api-v2-practitioner-kine-pdsm.json");
        assertThat(texts(practitioner, "t_number-smartcard")).containsExactly("3100345668");
        assertThat(texts(practitioner, "t_type-smartcard-value")).containsExactly("CPS");
        assertThat(texts(practitioner, "t_identifier-type-value")).contains("IDNPS", "RPPS");
        assertThat(texts(practitioner, "t_qualification-code-value")).isNotEmpty();
    }

    @Test
    void organization_isFoundByTheTimeInWhichItIsOpen() {
        BsonDocument practice = fields("ig-1.1.0-organization-548812DP-cabinet-EJ.json");
        assertThat(practice.getArray("t_period")).hasSize(1);
    }

    @Test
    void role_isFoundByAuthorityAndMailbox() {
        BsonDocument role = fields("synthetic-v2-practitionerrole-liberal-mss.json");
        assertThat(texts(role, "t_data-registration-authority-value")).containsExactly("CNOM");
        assertThat(texts(role, "t_data-information-system-value")).containsExactly("RPPS");
        assertThat(texts(role, "t_mailbox-mss")).isNotEmpty();
    }

    @Test
    void device_isFoundByItsAuthorisation() {
        BsonDocument device = fields("synthetic-v2-device-scanner.json");
        assertThat(texts(device, "t_number-authorization-arhgos-value"))
                .isEqualTo(texts(device, "t_identifier-value"))
                .isNotEmpty();
    }

    private BsonDocument fields(String example) {
        RawBsonDocument resource = reader.read(bytes(example));
        ResourceKey key = new ResourceKey(
                resource.getString("resourceType").getValue(),
                resource.getString("id").getValue());
        return extractor.extract(key, Instant.EPOCH, resource);
    }

    private static byte[] bytes(String example) {
        try (InputStream in = DirectoryParametersTest.class.getResourceAsStream("/directory/" + example)) {
            return Objects.requireNonNull(in, example).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The texts of a field, which is one or an array. */
    private static Set<String> texts(BsonDocument fields, String name) {
        Set<String> texts = new LinkedHashSet<>();
        BsonValue value = fields.get(name);
        if (value != null && value.isArray()) {
            value.asArray().forEach(item -> texts.add(item.asString().getValue()));
        } else if (value != null) {
            texts.add(value.asString().getValue());
        }
        return texts;
    }
}
