package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import miroir.index.generated.Proves;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Code tables as they are shipped: labels in answers, searches by them, and the operations on codes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class TerminologyIT {
    private static final String NOS = "https://mos.esante.gouv.fr/NOS/";
    private static final String PROFESSIONS = NOS + "TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante";
    private static final String SPECIALTIES = NOS + "TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale";
    private static final String OF_PROFESSIONS =
            NOS + "JDV_J106-EnsembleProfession-RASS/FHIR/JDV-J106-EnsembleProfession-RASS";
    private static final String ANIMALS = """
            {"resourceType":"CodeSystem","id":"animals","url":"urn:animals","version":"2","name":"Animals","status":"active","content":"complete",
             "concept":[{"code":"dog","display":"Dog","definition":"It barks","designation":[{"language":"fr","value":"Chien"},{"language":"fr-CA","value":"Pitou"}],
              "property":[{"code":"legs","valueInteger":4}],"concept":[{"code":"pug","display":"Pug"}]},
              {"code":"cat","display":"Cat"},{"code":"nameless"}]}""";

    private DirectoryServer server;

    @BeforeAll
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        server = DirectoryServer.start(
                database, folder, "Practitioner,PractitionerRole,Organization,CodeSystem,ValueSet");
        for (String file : List.of("code-systems.ndjson", "value-sets.ndjson")) {
            for (String resource : Files.readAllLines(Path.of("../conf/terminology", file))) {
                Document document = Document.parse(resource);
                put(document.getString("resourceType") + "/" + document.getString("id"), resource);
            }
        }
        put("CodeSystem/animals", ANIMALS);
        put("ValueSet/pets", """
                {"resourceType":"ValueSet","id":"pets","url":"urn:pets","status":"active","compose":{"include":[
                 {"system":"urn:animals","concept":[{"code":"dog","display":"Best friend"},{"code":"cat"}]}]}}""");
        put("ValueSet/any", """
                {"resourceType":"ValueSet","id":"any","url":"urn:any","status":"active","compose":{"include":[{"system":"urn:animals"}]}}""");
        put("ValueSet/open", """
                {"resourceType":"ValueSet","id":"open","url":"urn:open","status":"active","compose":{"include":[{"system":"%s"}]}}""".formatted(PROFESSIONS));
        put("Practitioner/cardio", practitioner("cardio", "10", "SM04"));
        put("Practitioner/general", practitioner("general", "10", "SM54"));
        put("Practitioner/nurse", practitioner("nurse", "60", "none"));
    }

    private static String practitioner(String id, String profession, String specialty) {
        return """
                {"resourceType":"Practitioner","id":"%s","active":true,"qualification":[
                 {"code":{"coding":[{"system":"%s","code":"%s"},{"system":"%s","code":"%s"}]}},
                 {"code":{"coding":[{"system":"%s","code":"10","display":"Mine"}]}}]}""".formatted(id, PROFESSIONS, profession, SPECIALTIES, specialty, PROFESSIONS);
    }

    private void put(String path, String json) throws Exception {
        HttpResponse<String> answer = Http.write("PUT", server.uri("/" + path), json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    // --- labels

    @Test
    void display_onRead_isFilledIn_andTheStoredResourceStays() throws Exception {
        String plain = server.get("/Practitioner/cardio").body();
        HttpResponse<String> filled = server.get("/Practitioner/cardio?_display=true");

        assertThat(filled.body())
                .contains("\"code\":\"10\",\"display\":\"Médecin\"")
                .contains("\"code\":\"SM04\",\"display\":\"Cardiologie et Maladies vasculaires (SM)\"")
                .contains("\"display\":\"Mine\"");
        assertThat(filled.headers().firstValue("ETag")).contains("W/\"1\"");
        assertThat(server.get("/Practitioner/cardio").body()).isEqualTo(plain).doesNotContain("Médecin");
        assertThat(server.get("/Practitioner/nurse?_display=true").body())
                .contains("\"code\":\"none\"}")
                .contains("Infirmier");
        assertThat(server.get("/Practitioner/cardio?_display=false").body()).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource({
        "/Practitioner?_id=cardio&_display=true",
        "/Practitioner?_id=cardio&_display=true&_elements=qualification",
        "?_type=Practitioner&_id=cardio&_display=true",
        "/Practitioner/cardio/_history?_display=true",
        "/Practitioner/cardio/_history/1?_display=true",
        "/Practitioner/cardio/$everything?_display=true",
        "/$directory-search?specialty=SM04&_display=true",
        "/Practitioner?_id=cardio&_display=true&_format=xml"
    })
    void display_inEveryAnswer_isFilledIn(String query) throws Exception {
        assertThat(server.get(query).body()).contains("Cardiologie et Maladies vasculaires");
    }

    @Test
    void display_onPages_staysInLinks() throws Exception {
        Document page = Document.parse(
                server.get("/Practitioner?_count=1&_sort=_id&_display=true").body());

        List<Document> links = page.getList("link", Document.class);
        String next = links.stream()
                .filter(link -> link.getString("relation").equals("next"))
                .map(link -> link.getString("url"))
                .findFirst()
                .orElseThrow();
        assertThat(next).contains("_display=true");
        assertThat(server.get(next.substring(server.base().length())).body()).contains("Médecin");
    }

    @Test
    void display_inABatch_isForTheWholeOrForAnEntry() throws Exception {
        String entry =
                "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[{\"request\":{\"method\":\"GET\",\"url\":\"Practitioner/cardio%s\"}}]}";
        for (String type : List.of("batch", "transaction")) {
            assertThat(Http.write("POST", server.uri("?_display=true"), entry.formatted(type, "?_display=false"))
                            .body())
                    .doesNotContain("Médecin");
            assertThat(Http.write("POST", server.uri("?_display=true"), entry.formatted(type, ""))
                            .body())
                    .contains("Médecin");
            assertThat(Http.write("POST", server.uri(""), entry.formatted(type, "?_display=true"))
                            .body())
                    .contains("Médecin");
            assertThat(Http.write("POST", server.uri(""), entry.formatted(type, ""))
                            .body())
                    .doesNotContain("Médecin");
        }
    }

    @Test
    void display_thatIsNotUnderstood_isRefusedBeforeAnythingIsWritten() throws Exception {
        String json = practitioner("unwritten", "10", "SM04");

        assertThat(Http.write("PUT", server.uri("/Practitioner/unwritten?_display=perhaps"), json)
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.get("/Practitioner/unwritten").statusCode()).isEqualTo(404);
    }

    @Test
    void display_ofAnswersToWrites_isNotStored() throws Exception {
        String json = practitioner("written", "10", "SM04");
        HttpResponse<String> answer = Http.write("PUT", server.uri("/Practitioner/written?_display=true"), json);

        assertThat(answer.body()).contains("Médecin");
        assertThat(server.get("/Practitioner/written").body()).doesNotContain("Médecin");
        Http.write("DELETE", server.uri("/Practitioner/written"), "");
    }

    @Test
    void display_ofAnotherVersionOfTheSystem_isNotTaken() throws Exception {
        put("Practitioner/vet", """
                {"resourceType":"Practitioner","id":"vet","active":false,"qualification":[
                 {"code":{"coding":[{"system":"urn:animals","version":"1","code":"dog"},{"system":"urn:animals","version":"2","code":"cat"}]}}]}""");

        assertThat(server.get("/Practitioner/vet?_display=true").body())
                .contains("\"code\":\"cat\",\"display\":\"Cat\"")
                .doesNotContain("Dog");
        Http.write("DELETE", server.uri("/Practitioner/vet"), "");
    }

    // --- searches by labels

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "qualification-code:text=cardiologue; cardio",
                "qualification-code:text=Cardiologie et maladies; cardio",
                "qualification-code:text=infirmière; nurse",
                "qualification-code:text=généraliste; general",
                "qualification-code:text=médecine; cardio general nurse",
                "qualification-code:text=médecins; cardio general nurse",
                "qualification-code:text=infirmiers; nurse",
                "qualification-code:text=cardiologie vasculaire; cardio",
                "qualification-code:text=médecin; cardio general nurse",
                "qualification-code:text=cardiologue,généraliste; cardio general",
                "qualification-code:text=cardiologue&active=false; ''",
                "qualification-code:text=nothing; ''"
            })
    @Proves({"token :text, by the labels of code systems"})
    void search_byLabel_findsWhoHasTheCode(String query, String found) throws Exception {
        String encoded = query.replace(" ", "%20").replace("é", "%C3%A9").replace("è", "%C3%A8");

        assertThat(ids("/Practitioner?_sort=_id&" + encoded))
                .isEqualTo(
                        Stream.of(found.split(" ")).filter(id -> !id.isEmpty()).toList());
    }

    @Test
    void search_byLabelOverAReference_findsThatToo() throws Exception {
        put("PractitionerRole/r1", """
                {"resourceType":"PractitionerRole","id":"r1","practitioner":{"reference":"Practitioner/cardio"}}""");

        assertThat(ids("/PractitionerRole?practitioner.qualification-code:text=cardiologue"))
                .containsExactly("r1");
        assertThat(server.get("/metadata").body()).contains(":text");
    }

    @ParameterizedTest
    @CsvSource({
        "specialty=cardiologue, cardio",
        "specialty=SM54, general",
        "profession=infirmi%C3%A8re, nurse",
        "profession=10&specialty=g%C3%A9n%C3%A9raliste, general"
    })
    void directorySearch_byWordsOfALabel_findsWhoHasTheCode(String query, String found) throws Exception {
        assertThat(ids("/$directory-search?" + query)).startsWith(found);
    }

    private List<String> ids(String query) throws Exception {
        return server.search(query).stream()
                .map(resource -> resource.getIdElement().getIdPart())
                .toList();
    }

    // --- operations

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/CodeSystem/$lookup?system=urn:animals&code=dog | 200 | \"name\":\"display\",\"valueString\":\"Dog\"",
                "/CodeSystem/$lookup?system=urn:animals&code=dog | 200 | \"valueString\":\"Chien\"",
                "/CodeSystem/$lookup?system=urn:animals&code=dog | 200 | \"name\":\"code\",\"valueCode\":\"child\"},{\"name\":\"value\",\"valueCode\":\"pug\"",
                "/CodeSystem/$lookup?system=urn:animals&code=pug&property=parent | 200 | \"valueCode\":\"dog\"",
                "/CodeSystem/$lookup?system=urn:animals&code=dog&displayLanguage=fr | 200 | \"name\":\"display\",\"valueString\":\"Chien\"",
                "/CodeSystem/$lookup?system=urn:animals&version=2&code=cat | 200 | \"name\":\"version\",\"valueString\":\"2\"",
                "/CodeSystem/$lookup?system=urn:animals&version=9&code=cat | 404 | urn:animals|9",
                "/CodeSystem/$lookup?system=urn:animals&code=cow | 404 | cow",
                "/CodeSystem/$lookup?system=urn:plants&code=oak | 404 | urn:plants",
                "/CodeSystem/$lookup?code=oak | 400 | system",
                "/CodeSystem/$lookup?system=urn:animals | 400 | code and coding",
                "/CodeSystem/$lookup?system=urn:animals&code=dog&cod=1 | 400 | cod",
                "/CodeSystem/$lookup?system=urn:animals&code=dog&coding=dog | 400 | Parameters",
                "/CodeSystem/animals/$lookup?code=dog | 501 | operation",
                "/CodeSystem/$validate-code?url=urn:animals&code=dog | 200 | \"valueBoolean\":true",
                "/CodeSystem/$validate-code?url=urn:animals&code=dog&display=DOG | 200 | \"valueBoolean\":true",
                "/CodeSystem/$validate-code?url=urn:animals&code=dog&display=Chien | 200 | \"valueBoolean\":true",
                "/CodeSystem/$validate-code?url=urn:animals&code=dog&display=Cat | 200 | \"valueBoolean\":false",
                "/CodeSystem/animals/$validate-code?code=cow | 200 | \"valueBoolean\":false",
                "/CodeSystem/animals/$validate-code?url=urn:animals&code=cow | 400 | url",
                "/CodeSystem/none/$validate-code?code=cow | 404 | CodeSystem/none",
                "/ValueSet/$validate-code?url=urn:pets&code=dog&system=urn:animals | 200 | \"valueBoolean\":true",
                "/ValueSet/$validate-code?url=urn:pets&code=dog | 200 | Best friend",
                "/ValueSet/$validate-code?url=urn:pets&code=dog&display=Dog | 200 | \"valueBoolean\":true",
                "/ValueSet/any/$expand?filter= | 200 | \"total\":4",
                "/ValueSet/pets/$validate-code?code=pug&system=urn:animals | 200 | \"valueBoolean\":false",
                "/ValueSet/pets/$validate-code?code=dog&system=urn:plants | 200 | \"valueBoolean\":false",
                "/ValueSet/any/$validate-code?code=pug&system=urn:animals | 200 | \"valueBoolean\":true",
                "/ValueSet/$validate-code?code=pug | 400 | url",
                "/ValueSet/$validate-code?url=urn:none&code=pug | 404 | urn:none",
                "/ValueSet/$expand?url=urn:pets | 200 | \"total\":2,\"offset\":0,\"contains\":[{\"system\":\"urn:animals\",\"code\":\"dog\",\"display\":\"Best friend\"},{\"system\":\"urn:animals\",\"code\":\"cat\",\"display\":\"Cat\"}]",
                "/ValueSet/pets/$expand?count=1&offset=1 | 200 | \"contains\":[{\"system\":\"urn:animals\",\"code\":\"cat\",\"display\":\"Cat\"}]",
                "/ValueSet/pets/$expand?count=0 | 200 | \"total\":2",
                "/ValueSet/pets/$expand?offset=7 | 200 | \"offset\":7",
                "/ValueSet/any/$expand?filter=pu | 200 | \"total\":1",
                "/ValueSet/any/$expand?displayLanguage=fr&filter=chien | 200 | Chien",
                "/ValueSet/any/$expand?offset=-1 | 400 | offset",
                "/ValueSet/any/$expand?activeOnly=true | 501 | inactive",
                "/ValueSet/any/$expand?includeDesignations=perhaps | 400 | true, false",
                "/ValueSet/none/$expand | 404 | ValueSet/none"
            })
    void operation_onCodes_answers(String query, int status, String part) throws Exception {
        HttpResponse<String> answer = server.get(query);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(part.strip());
    }

    /** Of the directory's tables a part is shipped, and what is not in it is not called wrong. */
    @Test
    void operation_onWhatIsKeptInPart_doesNotCallUnknownCodesWrong() throws Exception {
        assertThat(server.get("/CodeSystem/$validate-code?code=10&url=" + PROFESSIONS)
                        .body())
                .contains("\"valueBoolean\":true", "Médecin");
        HttpResponse<String> unknown = server.get("/CodeSystem/$validate-code?code=99&url=" + PROFESSIONS);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("whether it is one is not known here");
        assertThat(server.get("/ValueSet/open/$validate-code?code=99&system=" + PROFESSIONS)
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.get("/ValueSet/open/$expand").statusCode()).isEqualTo(400);
        assertThat(server.get("/ValueSet/$expand?filter=infirm&url=" + OF_PROFESSIONS)
                        .body())
                .contains("\"code\":\"60\",\"display\":\"Infirmier\"");
    }

    @Test
    void operation_withAParametersResource_takesCodingsAndConcepts() throws Exception {
        String parameters = "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}";
        String url = "{\"name\":\"url\",\"valueUri\":\"urn:pets\"},";
        String coding = "{\"name\":\"coding\",\"valueCoding\":{\"system\":\"urn:animals\",\"code\":\"%s\"}}";
        assertThat(post("/CodeSystem/$lookup", parameters.formatted(coding.formatted("cat"))))
                .contains("\"valueString\":\"Cat\"");
        assertThat(post("/ValueSet/$validate-code", parameters.formatted(url + coding.formatted("cat"))))
                .contains("\"valueBoolean\":true");
        assertThat(post(
                        "/ValueSet/$validate-code",
                        parameters.formatted(url
                                + "{\"name\":\"codeableConcept\",\"valueCodeableConcept\":{\"coding\":[{\"system\":\"urn:animals\",\"code\":\"pug\"},"
                                + "{\"system\":\"urn:animals\",\"code\":\"dog\"}]}}")))
                .contains("\"valueBoolean\":true", "Best friend");
        assertThat(post(
                        "/ValueSet/$validate-code",
                        parameters.formatted(
                                url + "{\"name\":\"codeableConcept\",\"valueCodeableConcept\":{\"text\":\"dog\"}}")))
                .contains("codeableConcept has codings");
        assertThat(post("/ValueSet/$expand", parameters.formatted(url + "{\"name\":\"count\",\"valueInteger\":1}")))
                .contains("\"total\":2", "Best friend")
                .doesNotContain("\"Cat\"");
    }

    private String post(String path, String json) throws Exception {
        return Http.write("POST", server.uri(path), json).body();
    }

    @Test
    void operations_inABatch_areAnswered() throws Exception {
        String batch = """
                {"resourceType":"Bundle","type":"batch","entry":[
                 {"request":{"method":"GET","url":"CodeSystem/$lookup?system=urn:animals&code=cat"}},
                 {"request":{"method":"GET","url":"ValueSet/pets/$expand"}}]}""";

        assertThat(post("", batch)).contains("\"valueString\":\"Cat\"", "\"total\":2");
    }

    @Test
    void changedCodeSystem_isWhatIsAnswered() throws Exception {
        put("CodeSystem/colours", """
                {"resourceType":"CodeSystem","id":"colours","url":"urn:colours","status":"active","content":"complete","concept":[{"code":"r","display":"Red"}]}""");
        assertThat(server.get("/CodeSystem/$lookup?system=urn:colours&code=r").body())
                .contains("Red");

        Http.write("PUT", server.uri("/CodeSystem/colours"), """
                {"resourceType":"CodeSystem","id":"colours","url":"urn:colours","status":"active","content":"complete","concept":[{"code":"r","display":"Rouge"}]}""");

        assertThat(server.get("/CodeSystem/$lookup?system=urn:colours&code=r").body())
                .contains("Rouge");
        Http.write("DELETE", server.uri("/CodeSystem/colours"), "");
        assertThat(server.get("/CodeSystem/$lookup?system=urn:colours&code=r").statusCode())
                .isEqualTo(404);
    }

    @Test
    void metadata_namesTheOperations() throws Exception {
        assertThat(server.get("/metadata").body())
                .contains("OperationDefinition/CodeSystem-lookup", "OperationDefinition/CodeSystem-validate-code")
                .contains("OperationDefinition/ValueSet-expand", "OperationDefinition/ValueSet-validate-code");
    }
}
