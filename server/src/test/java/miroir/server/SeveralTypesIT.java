package miroir.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import miroir.index.generated.Proves;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches of several types, of compartments, and {@code $everything}: against what the references of all resources say. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SeveralTypesIT {
    private static final String TYPES =
            "Practitioner,PractitionerRole,Organization,HealthcareService,Device,Patient,Encounter,"
                    + "Observation,Condition,ValueSet,CodeSystem";

    private static final String PETS = """
            {"resourceType":"ValueSet","id":"pets","url":"http://example.org/pets","status":"active","compose":{"include":
            [{"system":"http://example.org/animals","concept":[{"code":"dog"}]}]}}""";

    private final long seed = Long.getLong("miroir.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final List<Resource> stored = new ArrayList<>();
    private DirectoryServer server;

    @BeforeAll
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        System.out.println("seed " + seed + " (repeat with -Dmiroir.seed=" + seed + ")");
        server = DirectoryServer.start(database, folder, TYPES);
        Directory directory = new Directory(seed, 40);
        for (Kind kind : Kind.values()) {
            for (long i = 0; i < directory.size(kind); i++) {
                String json = new String(directory.json(kind, i), UTF_8);
                store((Resource) FhirContext.forR4Cached().newJsonParser().parseResource(json));
            }
        }
        for (int i = 0; i < 4; i++) {
            Patient patient = new Patient();
            patient.addLink().setOther(patient(random.nextInt(4))).setType(Patient.LinkType.SEEALSO);
            store(patient.setId("p" + i));
        }
        for (int i = 0; i < 60; i++) {
            store(observation().setId("o" + i));
            if (i % 3 == 0) {
                store(encounter().setId("e" + i));
                // Of one id, so that there is something to tell apart by type.
                store(condition().setId("e" + i));
            }
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void store(Resource resource) throws Exception {
        String json = FhirContext.forR4Cached().newJsonParser().encodeResourceToString(resource);
        server.put(resource.fhirType(), resource.getIdPart(), json);
        stored.add(resource);
    }

    private static Reference patient(int number) {
        return new Reference("Patient/p" + number);
    }

    private DateTimeType day() {
        return new DateTimeType(
                LocalDate.of(2024, 1, 1).plusDays(random.nextInt(366)).toString());
    }

    private Observation observation() {
        Observation observation = new Observation().setStatus(Observation.ObservationStatus.FINAL);
        observation
                .getCode()
                .addCoding()
                .setSystem("http://example.org/animals")
                .setCode(random.nextBoolean() ? "dog" : "cat");
        observation.setSubject(patient(random.nextInt(4)));
        if (random.nextBoolean()) {
            observation.addPerformer(patient(random.nextInt(4)));
        }
        return random.nextInt(3) == 0 ? observation : observation.setEffective(day());
    }

    private Encounter encounter() {
        Encounter encounter = new Encounter().setStatus(Encounter.EncounterStatus.FINISHED);
        encounter.getClass_().setCode("AMB");
        encounter.setPeriod(new Period().setStartElement(day()));
        return encounter.setSubject(patient(random.nextInt(4)));
    }

    private Condition condition() {
        return new Condition().setSubject(patient(random.nextInt(4))).setAsserter(patient(random.nextInt(4)));
    }

    // --- what should be found

    private static boolean refersTo(Reference reference, String key) {
        return key.equals(reference.getReference());
    }

    private static boolean isInCompartment(Resource resource, String patient) {
        if (resource instanceof Observation observation) {
            return refersTo(observation.getSubject(), patient)
                    || observation.getPerformer().stream().anyMatch(performer -> refersTo(performer, patient));
        }
        if (resource instanceof Encounter encounter) {
            return refersTo(encounter.getSubject(), patient);
        }
        if (resource instanceof Condition condition) {
            return refersTo(condition.getSubject(), patient) || refersTo(condition.getAsserter(), patient);
        }
        return resource instanceof Patient other
                && (key(other).equals(patient)
                        || refersTo(other.getLinkFirstRep().getOther(), patient));
    }

    private static String key(Resource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }

    private Set<String> expected(Predicate<Resource> condition) {
        return stored.stream()
                .filter(condition)
                .map(SeveralTypesIT::key)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> references(Class<? extends Resource> type, Predicate<Resource> condition, String path) {
        Set<String> references = new HashSet<>();
        stored.stream().filter(type::isInstance).filter(condition).forEach(resource -> {
            for (Base value : resource.getNamedProperty(path).getValues()) {
                references.add(((Reference) value).getReference());
            }
        });
        return references;
    }

    /** All pages; nothing comes twice. */
    private List<String> keys(String path) throws Exception {
        List<String> keys =
                server.search(path).stream().map(SeveralTypesIT::key).toList();
        assertThat(keys).as("seed %d, %s", seed, path).doesNotHaveDuplicates();
        return keys;
    }

    private void assertFound(String path, Predicate<Resource> condition) throws Exception {
        assertThat(new TreeSet<>(keys(path))).as("seed %d, %s", seed, path).isEqualTo(expected(condition));
    }

    private Bundle page(String path) throws Exception {
        HttpResponse<String> answer = server.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return DirectoryServer.read(Bundle.class, answer.body());
    }

    // --- compartments

    @Test
    @Proves({"a compartment, one type", "a compartment, all types"})
    void compartment_ofEachPatient_hasWhatRefersToIt() throws Exception {
        for (int i = 0; i < 4; i++) {
            String patient = "Patient/p" + i;
            for (String type : List.of("Observation", "Encounter", "Condition", "Patient")) {
                assertFound(
                        "/" + patient + "/" + type + "?_count=" + (1 + random.nextInt(9)),
                        resource -> resource.fhirType().equals(type) && isInCompartment(resource, patient));
            }
            assertFound(
                    "/" + patient + "/*?_count=" + (1 + random.nextInt(20)),
                    resource -> isInCompartment(resource, patient));
            assertThat(page("/" + patient + "/Observation?_summary=count").getTotal())
                    .isEqualTo(
                            expected(resource -> resource instanceof Observation && isInCompartment(resource, patient))
                                    .size());
        }
    }

    @Test
    @Proves({"a compartment, one type", "a compartment, all types", "POST, a compartment"})
    void compartment_withCriteria_byGetAndByPost() throws Exception {
        Predicate<Resource> dogs = resource -> resource instanceof Observation observation
                && isInCompartment(observation, "Patient/p1")
                && observation.getCode().getCodingFirstRep().getCode().equals("dog");
        assertFound("/Patient/p1/Observation?code=dog&_count=4", dogs);
        assertFound(
                "/Patient/p1/*?_type=Observation,Condition&_lastUpdated=ge2020",
                resource -> resource instanceof Observation o
                        ? isInCompartment(o, "Patient/p1")
                        : resource instanceof Condition c && isInCompartment(c, "Patient/p1"));

        HttpResponse<String> answer = Http.send(
                "POST",
                server.uri("/Patient/p1/Observation/_search?code=dog"),
                "_count=100".getBytes(UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");
        assertThat(DirectoryServer.read(Bundle.class, answer.body()).getEntry())
                .extracting(entry -> key(entry.getResource()))
                .containsExactlyInAnyOrderElementsOf(expected(dogs));
    }

    @Test
    @Proves("a compartment, one type")
    void compartment_ofAPractitioner_hasTheRoles() throws Exception {
        String practitioner = "Practitioner/"
                + stored.stream()
                        .filter(Practitioner.class::isInstance)
                        .findFirst()
                        .orElseThrow()
                        .getIdElement()
                        .getIdPart();

        assertFound(
                "/" + practitioner + "/PractitionerRole",
                resource ->
                        resource instanceof PractitionerRole role && refersTo(role.getPractitioner(), practitioner));
    }

    // --- several types

    @Test
    @Proves("some types: _type")
    void system_ofSomeTypes_comesTypeAfterType() throws Exception {
        List<String> keys = keys("?_type=Encounter,Patient,Condition&_count=7");

        assertThat(new TreeSet<>(keys))
                .isEqualTo(expected(
                        resource -> Set.of("Encounter", "Patient", "Condition").contains(resource.fhirType())));
        assertThat(keys.stream().map(key -> key.split("/", -1)[0]).distinct()).hasSize(3);
        assertThat(keys).isEqualTo(keys("?_type=Condition,Encounter,Patient&_count=100"));
    }

    /** The smallest pages are of what is found in few steps; of everything, they would show the same a hundred times. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ?_type=Patient,Encounter                                     | 1
            ?_type=Patient,Encounter,Observation&_sort=_id               | 5
            ?_type=Encounter,Condition&_sort=_id                         | 1
            ?_type=Encounter,Condition&_sort=-_id,_lastUpdated           | 3
            ?_sort=-_id                                                  | 40
            ?_sort=_lastUpdated                                          | 40
            ?_type=Practitioner,Observation,Organization&_sort=-_lastUpdated,_id | 15
            /Patient/p1/*?_type=Observation,Condition,Encounter          | 1
            /Patient/p1/*?_sort=-_lastUpdated                            | 3
            /Patient/p1/$everything?                                     | 1
            /Patient/p1/$everything?_type=Observation,Condition          | 3
            """)
    @Proves({"_sort over several types", "first, previous and next of several types"})
    void pages_forthAndBack_areTheSame(String path, int fewest) throws Exception {
        int count = fewest + random.nextInt(fewest + 3);
        forthAndBack(path + "&_count=" + count + (path.contains("$") ? "" : "&_total=accurate"));
    }

    private void forthAndBack(String path) throws Exception {
        List<Bundle> pages = new ArrayList<>(List.of(page(path)));
        while (last(pages).getLink("next") != null) {
            pages.add(follow(last(pages), "next"));
        }
        List<Resource> found = resources(pages);
        assertThat(pages).as("seed %d, %s", seed, path).hasSizeGreaterThan(1);
        assertThat(isInOrder(path, found)).as("in order: %s", path).isTrue();
        assertThat(pages).extracting(Bundle::getTotal).containsOnly(pages.get(0).getTotal());
        assertThat(pages.get(0).getLink("previous")).isNull();
        assertThat(shown(List.of(follow(last(pages), "first")))).isEqualTo(shown(pages.subList(0, 1)));

        List<Bundle> back = new ArrayList<>(pages.subList(pages.size() - 1, pages.size()));
        while (back.get(0).getLink("previous") != null) {
            back.add(0, follow(back.get(0), "previous"));
        }
        assertThat(shown(back)).as("back: seed %d, %s", seed, path).isEqualTo(shown(pages));
        assertThat(shown(List.of(follow(back.get(0), "next")))).isEqualTo(shown(back.subList(1, 2)));
    }

    private static Bundle last(List<Bundle> pages) {
        return pages.get(pages.size() - 1);
    }

    private Bundle follow(Bundle from, String relation) throws Exception {
        HttpResponse<String> answer =
                Http.send("GET", URI.create(from.getLink(relation).getUrl()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return DirectoryServer.read(Bundle.class, answer.body());
    }

    private static List<Resource> resources(List<Bundle> pages) {
        return pages.stream()
                .flatMap(page -> page.getEntry().stream())
                .map(Bundle.BundleEntryComponent::getResource)
                .toList();
    }

    private static List<String> shown(List<Bundle> pages) {
        return resources(pages).stream().map(SeveralTypesIT::key).toList();
    }

    /** What has the same keys comes by type. */
    private static boolean isInOrder(String path, List<Resource> found) {
        Comparator<Resource> byId =
                Comparator.comparing(resource -> resource.getIdElement().getIdPart());
        Comparator<Resource> byUpdate = Comparator.comparing(
                resource -> resource.getMeta().getLastUpdatedElement().getValueAsString());
        String sort = path.replaceAll(".*_sort=([^&]*).*|.*", "$1");
        Comparator<Resource> order = Comparator.comparing(resource -> "");
        for (String code : sort.split(",", -1)) {
            Comparator<Resource> key = code.endsWith("_id") ? byId : byUpdate;
            order = order.thenComparing(code.startsWith("-") ? key.reversed() : key);
        }
        return sort.isEmpty()
                || found.stream()
                        .sorted(order.thenComparing(Resource::fhirType))
                        .toList()
                        .equals(found);
    }

    @Test
    @Proves("all types")
    void system_ofAllTypes_followsByLastUpdated() throws Exception {
        assertFound("?_lastUpdated=ge2020-01-01&_count=50", resource -> true);

        Bundle page = page("?_lastUpdated=ge2020-01-01&_count=3&_total=accurate");
        assertThat(page.getMeta().getLastUpdated()).isNotNull();
        assertThat(page.getTotal()).isEqualTo(stored.size());
        assertThat(page("?_summary=count").getTotal()).isEqualTo(stored.size());
        Bundle next = DirectoryServer.read(
                Bundle.class,
                Http.send("GET", URI.create(page.getLink("next").getUrl())).body());
        assertThat(next.getTotal()).isEqualTo(stored.size());
        assertThat(next.getMeta().getLastUpdated()).isEqualTo(page.getMeta().getLastUpdated());
    }

    @Test
    @Proves("POST, all types")
    void system_byPost_mergesUrlAndBody() throws Exception {
        HttpResponse<String> answer = Http.send(
                "POST",
                server.uri("/_search?_type=Patient,Organization"),
                "_id=p1&_total=accurate".getBytes(UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded; charset=utf-8");

        Bundle found = DirectoryServer.read(Bundle.class, answer.body());
        assertThat(found.getEntry())
                .extracting(entry -> key(entry.getResource()))
                .containsExactly("Patient/p1");
        assertThat(found.getLink("self").getUrl())
                .contains("_type=Patient,Organization")
                .contains("_id=p1");
    }

    @Test
    @Proves("included resources of several types")
    void system_includes_whatMatchesReferTo() throws Exception {
        Bundle page = page("?_type=Encounter,Condition&_include=Encounter:patient&_count=1000");

        assertThat(page.getEntry().stream()
                        .filter(entry -> entry.getSearch().getMode() == Bundle.SearchEntryMode.INCLUDE)
                        .map(entry -> key(entry.getResource())))
                .containsExactlyInAnyOrderElementsOf(references(Encounter.class, resource -> true, "subject"));
    }

    @Test
    @Proves("Prefer: handling=lenient")
    void system_lenient_leavesOutWhatOneTypeDoesNotKnow() throws Exception {
        HttpResponse<String> answer = Http.send(
                "GET", server.uri("?_type=Patient,Encounter&gender=male&_count=1000"), "Prefer", "handling=lenient");

        Bundle found = DirectoryServer.read(Bundle.class, answer.body());
        assertThat(found.getLink("self").getUrl()).doesNotContain("gender");
        assertThat(found.getEntry()).hasSize(4 + 20 + 1);
        assertThat(found.getEntry().get(24).getResource()).isInstanceOf(OperationOutcome.class);
    }

    @Test
    void link_underAnotherPath_isRefused() throws Exception {
        String next = page("/Patient/p1/*?_count=1").getLink("next").getUrl();
        for (String path : List.of("/Patient/p2/*", "/Patient/p1/$everything", "/Patient", "")) {
            HttpResponse<String> answer =
                    Http.send("GET", URI.create(next.replace("/fhir/Patient/p1/*", "/fhir" + path)));
            assertThat(answer.statusCode()).as(path).isEqualTo(400);
        }
    }

    // --- everything

    private void assertEverything(String focus, String parameters, Predicate<Resource> belongs) throws Exception {
        String path = "/" + focus + "/$everything?_count=" + (1 + random.nextInt(9)) + parameters;
        assertThat(keys(path)).first().isEqualTo(focus);
        assertFound(path, belongs.or(resource -> key(resource).equals(focus)));
    }

    @Test
    @Proves("$everything of patients, practitioners, organizations")
    void everything_ofPatients_isTheirCompartments() throws Exception {
        for (int i = 0; i < 4; i++) {
            String patient = "Patient/p" + i;
            Predicate<Resource> inCompartment = resource -> isInCompartment(resource, patient);
            assertEverything(patient, "", inCompartment);
            assertEverything(patient, "&_since=2020-01-01T00:00:00Z", inCompartment);
            assertEverything(patient, "&_since=2999-01-01T00:00:00Z", resource -> false);
            assertEverything(
                    patient,
                    "&_type=Patient,Encounter",
                    inCompartment.and(resource -> resource instanceof Patient || resource instanceof Encounter));
            assertEverything(
                    patient,
                    "&_type=Patient&_type=Encounter,Condition",
                    inCompartment.and(resource -> !(resource instanceof Observation)));
            assertEverything(
                    patient,
                    "&start=2024-04-01&end=2024-08-31",
                    inCompartment.and(resource -> isBetween(resource, "2024-04-01", "2024-08-31")));
        }
    }

    private static boolean isBetween(Resource resource, String start, String end) {
        if (resource instanceof Observation observation && observation.hasEffective()) {
            String day = observation.getEffectiveDateTimeType().getValueAsString();
            return day.compareTo(start) >= 0 && day.compareTo(end) <= 0;
        }
        // Encounters go on for ever, from the last day on too.
        return !(resource instanceof Encounter encounter)
                || encounter.getPeriod().getStartElement().getValueAsString().compareTo(end) <= 0;
    }

    @Test
    @Proves("$everything of patients, practitioners, organizations")
    void everything_ofPractitioners_isWhatTheirRolesLeadTo() throws Exception {
        for (String practitioner : some(Practitioner.class)) {
            Predicate<Resource> role = resource ->
                    resource instanceof PractitionerRole each && refersTo(each.getPractitioner(), practitioner);
            Set<String> organizations = references(PractitionerRole.class, role, "organization");
            Set<String> services = references(PractitionerRole.class, role, "healthcareService");
            assertEverything(
                    practitioner,
                    "",
                    role.or(resource -> organizations.contains(key(resource))
                            || services.contains(key(resource))
                            || (resource instanceof HealthcareService service
                                    && organizations.contains(
                                            service.getProvidedBy().getReference()))
                            || (resource instanceof Device device
                                    && organizations.contains(device.getOwner().getReference()))));
        }
    }

    @Test
    @Proves("$everything of patients, practitioners, organizations")
    void everything_ofOrganizations_isWhatRefersToThem() throws Exception {
        for (String organization : some(Organization.class)) {
            Predicate<Resource> role = resource ->
                    resource instanceof PractitionerRole each && refersTo(each.getOrganization(), organization);
            Set<String> practitioners = references(PractitionerRole.class, role, "practitioner");
            Set<String> parents =
                    references(Organization.class, each -> key(each).equals(organization), "partOf");
            assertEverything(
                    organization,
                    "",
                    role.or(resource -> practitioners.contains(key(resource))
                            || parents.contains(key(resource))
                            || (resource instanceof Organization part && refersTo(part.getPartOf(), organization))
                            || (resource instanceof HealthcareService service
                                    && refersTo(service.getProvidedBy(), organization))
                            || (resource instanceof Device device && refersTo(device.getOwner(), organization))));
        }
    }

    private Set<String> some(Class<? extends Resource> type) {
        List<String> all = stored.stream()
                .filter(type::isInstance)
                .map(SeveralTypesIT::key)
                .toList();
        return random.ints(12, 0, all.size()).mapToObj(all::get).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everything_byHapisClient_takesParameters() {
        IGenericClient client = FhirContext.forR4Cached().newRestfulGenericClient(server.base());
        client.setEncoding(EncodingEnum.XML);
        Parameters parameters = new Parameters();
        parameters.addParameter("_type", new CodeType("Patient"));
        parameters.addParameter("_type", new CodeType("Encounter"));

        Bundle found = client.operation()
                .onInstance(new IdType("Patient/p2"))
                .named("$everything")
                .withParameters(parameters)
                .returnResourceType(Bundle.class)
                .execute();

        assertThat(found.getEntry())
                .extracting(entry -> key(entry.getResource()))
                .startsWith("Patient/p2")
                .containsExactlyInAnyOrderElementsOf(
                        expected(resource -> (resource instanceof Patient || resource instanceof Encounter)
                                && isInCompartment(resource, "Patient/p2")));
    }

    // --- value sets

    @Test
    @Proves({"token :in", "token :not-in"})
    void in_valueSetThatIsChanged_isAsItIs() throws Exception {
        server.put("ValueSet", "pets", PETS);
        assertFound("/Observation?code:in=http://example.org/pets&_count=9", resource -> isOf(resource, "dog"));

        server.put("ValueSet", "pets", PETS.replace("dog", "cat"));
        assertFound("/Observation?code:in=http://example.org/pets&_count=9", resource -> isOf(resource, "cat"));
        assertFound("/Observation?code:not-in=ValueSet/pets", resource -> isOf(resource, "dog"));
        assertFound(
                "/Patient?_has:Observation:subject:code:in=ValueSet/pets",
                resource -> resource instanceof Patient
                        && stored.stream()
                                .filter(each -> isOf(each, "cat"))
                                .anyMatch(each -> refersTo(((Observation) each).getSubject(), key(resource))));
        assertThat(Http.write("DELETE", server.uri("/ValueSet/pets"), "").statusCode())
                .isEqualTo(204);
        assertThat(server.get("/Observation?code:in=http://example.org/pets").statusCode())
                .isEqualTo(400);
    }

    private static boolean isOf(Resource resource, String code) {
        return resource instanceof Observation observation
                && observation.getCode().getCodingFirstRep().getCode().equals(code);
    }

    // --- what cannot be done

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /Organization/1/PractitionerRole        | 404 | Organization has no compartment; those of Device, Encounter
            /Patient/1/Medication                   | 404 | Medication is not served
            /Patient/1/Nonsense                     | 404 | Patient/1/Nonsense
            /Patient/1/HealthcareService            | 400 | no HealthcareService is in a compartment of the type Patient
            /Patient/1/*?_type=Organization         | 400 | "Organization" is no type that can be searched here
            /Patient/1/Observation?nonsense=1       | 400 | nonsense
            ?_type=Patient,Nonsense                 | 400 | "Nonsense"
            ?_type=Patient&_type=Encounter          | 400 | twice
            ?_type=Patient,Encounter&gender=male    | 400 | not known for Encounter
            ?_type=Patient,Encounter&_sort=gender   | 400 | allowed are _id and _lastUpdated
            /Patient/1/*?_sort=date                 | 400 | allowed are _id and _lastUpdated
            ?_type=Patient,Encounter&__explain=true | 501 | __explain
            /Patient/none/$everything               | 404 | Patient/none is not known
            /Patient/p1/$everything?_count=0        | 400 | _count=0
            /Patient/p1/$everything?start=soon      | 400 | start
            /Patient/p1/$everything?_count=1&_count=2 | 400 | _count is given twice
            /Patient/$everything                    | 501 | operation
            /Patient/p1/$everything?gender=male     | 400 | allowed: start, end, _since, _type, _count
            /Patient/p1/$everything?_type=Device    | 400 | "Device" is no type
            /Practitioner/1/$everything?start=2024  | 400 | allowed: _since, _type, _count
            /Device/1/$everything                   | 501 | operation
            """)
    @Proves({
        "a parameter that one of the types lacks is refused",
        "a compartment that R4 does not define",
        "_sort over several types by what some lack"
    })
    void request_thatCannotBeDone_isRefused(String path, int status, String said) throws Exception {
        HttpResponse<String> answer = server.get(path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(Outcome.of(answer).getIssueFirstRep().getDiagnostics()).contains(said);
    }
}
