package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.registry.ConfigurationText;
import miroir.index.registry.RegistryLoader;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.InMemoryResourceStore;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.structure.Structures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The requests that the directory documents, on the sample and the configuration that are shipped. A resource is expected
 * where its JSON has a piece of text, so that another sample needs no other test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectoryQueriesTest {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root", ".."));
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final Set<String> TYPES = new LinkedHashSet<>(
            List.of("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device"));

    private final Map<ResourceKey, String> json = new LinkedHashMap<>();
    private final SearchParameterRegistry registry;
    private final SearchParser parser;
    private final InMemoryResourceStore store;

    DirectoryQueriesTest() throws IOException {
        registry = RegistryLoader.load(TYPES, shippedConfiguration());
        parser = new SearchParser(registry, PARIS, Set.of());
        store = new InMemoryResourceStore(
                new FieldExtractor(registry, new ExtractionSettings(PARIS, Set.of())),
                PARIS,
                () -> Instant.parse("2024-06-15T12:00:00Z"));
    }

    @BeforeAll
    void fill() throws IOException {
        ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
        for (String type : TYPES) {
            for (String line : Files.readAllLines(ROOT.resolve("samples/directory/" + type + ".ndjson"))) {
                var fhir = reader.read(line.getBytes(StandardCharsets.UTF_8));
                ResourceKey key = new ResourceKey(type, fhir.getString("id").getValue());
                json.put(key, line);
                store.put(Caller.everyone(), key, fhir, Precondition.none());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "Practitioner; active=true; \"active\":true",
                "Practitioner; active=false; \"active\":false",
                "Practitioner; family=LECLERC; \"family\":\"Leclerc\"",
                "Practitioner; family=leclerc&given=SOPHIE; \"text\":\"Leclerc Sophie\"",
                "Practitioner; name=lecl; \"family\":\"Leclerc\"",
                "Practitioner; identifier=10101201234; \"value\":\"10101201234\"",
                "Practitioner; identifier=https://rpps.esante.gouv.fr%7C10101201234; \"value\":\"10101201234\"",
                "Practitioner; identifier-type=RPPS; \"code\":\"RPPS\"",
                "Practitioner; mailbox-mss:contains=%40; \"code\":\"MSSANTE\"",
                "Practitioner; mailbox-mss=sophie.leclerc@; \"value\":\"sophie.leclerc@mssante.fr\"",
                "Practitioner; qualification-code=DE11; \"code\":\"DE11\"",
                "Practitioner; number-smartcard=3100345668; \"valueString\":\"3100345668\"",
                "Practitioner; type-smartcard=CPS; \"code\":\"CPS\"",
                "PractitionerRole; active=true; \"active\":true",
                "Organization; address-postalcode=78; \"postalCode\":\"78",
                "Organization; address-department=78; \"postalCode\":\"78",
                "Organization; address-insee=78646; \"code\":\"78646\"",
                "Organization; address-city=versailles; \"city\":\"VERSAILLES\"",
                "Organization; address-line:contains=essais; DES ESSAIS",
                "Organization; type=SA07; \"code\":\"SA07\"",
                "Organization; type=LEGAL-ENTITY; \"code\":\"LEGAL-ENTITY\"",
                "Organization; identifier=https://finess.esante.gouv.fr%7C; \"system\":\"https://finess.esante.gouv.fr\"",
                "Organization; data-information-system=RPPS; \"valueCode\":\"RPPS\"",
                "Organization; data-registration-authority=CNOM; \"code\":\"CNOM\"",
                "Organization; name:contains=dupont; DUPONT",
                "Device; identifier=93-93-1905; \"value\":\"93-93-1905\"",
                "Device; organization=001-01-960859; \"reference\":\"Organization/001-01-960859\"",
                "Device; status=active; \"status\":\"active\"",
                "Device; type=05602; \"code\":\"05602\"",
                "HealthcareService; active=false; \"active\":false",
                "HealthcareService; identifier=52-52-49883; \"value\":\"52-52-49883\"",
            })
    void documentedQuery_findsWhatHasTheText(String type, String query, String text) {
        List<ResourceKey> expected = json.entrySet().stream()
                .filter(entry -> entry.getKey().type().equals(type))
                .filter(entry -> entry.getValue().contains(text))
                .map(Map.Entry::getKey)
                .toList();
        SearchRequest request = parser.parse(type, QueryParameter.decode(query), Handling.STRICT);

        assertThat(expected).isNotEmpty();
        assertThat(store.select(
                                Caller.everyone(),
                                new PageQuery(type, request.where(), 0, 100, Deadline.in(Duration.ofMinutes(1))))
                        .resources())
                .extracting(live -> live.key())
                .as("%s?%s = %s", type, query, request.where())
                .containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Practitioner?_id=003-32783-88722",
                "Practitioner?_lastUpdated=ge2022-08-08T06%3A47%3A02",
                "Practitioner?identifier=0012807590%2C810000005479",
                "Practitioner?qualification-code=https://mos.esante.gouv.fr/NOS/TRE_G15-ProfessionSante/FHIR/"
                        + "TRE-G15-ProfessionSante%7C10&active=true",
                "PractitionerRole?_lastUpdated=ge2026-08-25&_lastUpdated=lt2026-08-26",
                "PractitionerRole?practitioner=003-131111,003-131112",
                "PractitionerRole?mailbox-mss:contains=apycript.org",
                "PractitionerRole?role=https://mos.esante.gouv.fr/NOS/TRE_R85-RolePriseCharge/FHIR/"
                        + "TRE-R85-RolePriseCharge%7C318",
                "Organization?address=BERCK",
                "Organization?address-postalcode=75016&address-city=PARIS",
                "Organization?address-postalcode:exact=13290,13321",
                "Organization?identifier=https%3A%2F%2Ffiness.esante.gouv.fr%7C&type=159,165,608",
                "Organization?identifier=https%3A%2F%2Ffiness.esante.gouv.fr%7C&type=SA01,SA02&type:not=159,165",
                "Organization?name%3Acontains=imagerie,centre",
                "Organization?name:contains=ANDRE&name:contains=MIGNOT",
                "Organization?pharmacy-licence=62%23000123",
                "Organization?partof=001-02-84942",
                "Device?_count=10000",
                "Device?_total=accurate&_count=0",
                "HealthcareService?characteristic=TRE-R276-FormeActivite%7C07&service-category=09&service-type=50",
                "HealthcareService?_profile=https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/"
                        + "as-dp-healthcareservice-social-equipment",
            })
    void documentedQuery_isUnderstood(String request) {
        int mark = request.indexOf('?');
        List<QueryParameter> query = QueryParameter.decode(request.substring(mark + 1));

        assertThat(parser.parse(request.substring(0, mark), query, Handling.STRICT)
                        .applied())
                .hasSameSizeAs(query);
    }

    private static List<ConfigurationText> shippedConfiguration() throws IOException {
        List<ConfigurationText> texts = new ArrayList<>();
        try (Stream<Path> files = Files.list(ROOT.resolve("conf/search"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                texts.add(new ConfigurationText(file.toString(), Files.readString(file)));
            }
        }
        return texts;
    }
}
