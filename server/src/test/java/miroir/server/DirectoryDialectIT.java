package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The base at which searches are read as the directory's own API reads them; requests are those of its documentation. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DirectoryDialectIT {
    private static final List<String> RESOURCES = List.of(
            "{\"resourceType\":\"Practitioner\",\"id\":\"masi\",\"active\":true,\"identifier\":[{\"system\":\"https://rpps.esante.gouv.fr\",\"value\":\"10001234567\"}],"
                    + "\"name\":[{\"family\":\"MASI\",\"given\":[\"BRUNO\"]}],\"qualification\":[{\"code\":{\"coding\":[{\"system\":\"https://a/G15\",\"code\":\"10\"}]}}]}",
            "{\"resourceType\":\"Practitioner\",\"id\":\"other\",\"active\":false,\"identifier\":[{\"value\":\"0012807590\"}],\"name\":[{\"family\":\"Bruno\"}]}",
            "{\"resourceType\":\"Organization\",\"id\":\"mignot\",\"active\":true,\"identifier\":[{\"system\":\"https://finess.esante.gouv.fr\",\"value\":\"590064036\"}],"
                    + "\"type\":[{\"coding\":[{\"system\":\"https://a/R66\",\"code\":\"165\"}]}],\"name\":\"CENTRE ANDRE MIGNOT\",\"address\":[{\"postalCode\":\"78150\",\"city\":\"LE CHESNAY\"}]}",
            "{\"resourceType\":\"Organization\",\"id\":\"pharmacy\",\"active\":true,\"type\":[{\"coding\":[{\"system\":\"https://a/R02\",\"code\":\"SA33\"}]}],\"name\":\"IMAGERIE A, B\","
                    + "\"address\":[{\"postalCode\":\"13290\"}]}");

    private Application application;
    private String root;

    @BeforeAll
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        Path conf = Path.of(System.getProperty("miroir.root"), "conf");
        Path token = Files.writeString(folder.resolve("token"), TestServer.TOKEN + "\n");
        Map<String, String> environment = Map.of(
                "MONGODB_URI", database.uri(),
                "MIROIR_DATABASE", database.name(),
                "MIROIR_PORT", "0",
                "MIROIR_WRITE_TOKEN_FILE", token.toString());
        String yaml =
                Files.readString(conf.resolve("server.yaml")).replace("  directoryPath:", "  directoryPath: annuaire");
        application =
                Application.start(ServerConfiguration.read("server.yaml", yaml, environment::get), conf, said -> {});
        root = "http://127.0.0.1:" + application.port();
        await().atMost(Duration.ofMinutes(1))
                .until(() ->
                        Http.send("GET", URI.create(root + "/health/ready")).statusCode() == 200);
        for (String resource : RESOURCES) {
            BsonDocument read = BsonDocument.parse(resource);
            String path = read.getString("resourceType").getValue() + "/"
                    + read.getString("id").getValue();
            assertThat(Http.write("PUT", URI.create(root + "/fhir/" + path), resource)
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private static String ids(HttpResponse<String> found) {
        assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
        TreeSet<String> ids = new TreeSet<>();
        BsonDocument.parse(found.body())
                .getArray("entry", new BsonArray())
                .forEach(entry -> ids.add(entry.asDocument()
                        .getDocument("resource")
                        .getString("id")
                        .getValue()));
        return String.join(" ", ids);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return Http.send("GET", URI.create(root + path), "ESANTE-API-KEY", TestServer.TOKEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Practitioner?identifier=%7C10001234567; masi; ''",
                "Practitioner?identifier=%7C0012807590%2C10001234567; masi other; other masi",
                "Practitioner?identifier=https://rpps.esante.gouv.fr%7C10001234567; masi; masi",
                "Practitioner?name:family=BRUNO; masi other; 400",
                "Practitioner?name:text=MASI; masi; 400",
                "Practitioner?family=MASI&given=BRUNO; masi; masi",
                "Practitioner?active=http://hl7.org/fhir/ValueSet/special-values%7Ctrue; masi; masi",
                "Practitioner?qualification-code=https://a/G15%7C10&active=true; masi; masi",
                "Organization?type=%7C165%2C%7CSA33; mignot pharmacy; ''",
                "Organization?type=SA33,SA38,SA39,SA65; pharmacy; pharmacy",
                "Organization?identifier=https%3A%2F%2Ffiness.esante.gouv.fr%7C&type=159,165; mignot; mignot",
                "Organization?type:not=159,165; pharmacy; pharmacy",
                "Organization?name%3Acontains=imagerie,centre; mignot pharmacy; mignot pharmacy",
                "Organization?name:contains=ANDRE&name:contains=MIGNOT; mignot; mignot",
                "Organization?address-postalcode=78; mignot; mignot",
                "Organization?address-postalcode:exact=13290,13321; pharmacy; pharmacy",
                "Organization?_count=10000; mignot pharmacy; mignot pharmacy",
            })
    void request_ofTheDocumentation_findsWhatTheDirectoryFinds(String request, String there, String inR4)
            throws Exception {
        assertThat(ids(get("/annuaire/fhir/" + request))).isEqualTo(there);
        HttpResponse<String> asR4 = get("/fhir/" + request);
        if (inR4.equals("400")) {
            assertThat(asR4.statusCode()).isEqualTo(400);
        } else {
            assertThat(ids(asR4).split(" ")).containsExactlyInAnyOrder(inR4.split(" "));
        }
    }

    @Test
    void form_isReadInTheSameWay() throws Exception {
        HttpResponse<String> found = Http.send(
                "POST",
                URI.create(root + "/annuaire/fhir/Practitioner/_search"),
                "identifier=%7C10001234567".getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");

        assertThat(ids(found)).isEqualTo("masi");
    }

    private static String link(String relation, HttpResponse<String> page) {
        return BsonDocument.parse(page.body()).getArray("link").stream()
                .map(link -> link.asDocument())
                .filter(link -> link.getString("relation").getValue().equals(relation))
                .map(link -> link.getString("url").getValue())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void links_leadOnBelowThatBase() throws Exception {
        HttpResponse<String> first = get("/annuaire/fhir/Organization?type=%7C165,SA33&_count=1");
        String next = link("next", first);

        assertThat(next).startsWith(root + "/annuaire/fhir/");
        assertThat(ids(first) + " " + ids(get(next.substring(root.length())))).isEqualTo("mignot pharmacy");
        assertThat(first.body()).contains("\"fullUrl\":\"" + root + "/annuaire/fhir/Organization/");
    }

    @Test
    void self_isTheSameSearchThere() throws Exception {
        for (String query :
                List.of("name:exact=IMAGERIE%20A,%20B", "name=a%5Cb", "type=%7C%7C165", "type=%7C165,SA33")) {
            HttpResponse<String> first = get("/annuaire/fhir/Organization?" + query);
            String self = link("self", first);

            HttpResponse<String> again = get(self.substring(root.length()));

            assertThat(ids(again)).as(self).isEqualTo(ids(first));
            assertThat(link("self", again)).isEqualTo(self);
        }
    }

    @Test
    void references_byTheUrlOfEitherBase_areOwn() throws Exception {
        for (String there : List.of("/fhir", "/annuaire/fhir")) {
            String role =
                    "{\"resourceType\":\"PractitionerRole\",\"id\":\"r\",\"practitioner\":{\"reference\":\"" + root
                            + "/annuaire/fhir/Practitioner/masi\"},\"organization\":{\"reference\":\"" + root
                            + "/fhir/Organization/mignot\"}}";
            assertThat(Http.write("PUT", URI.create(root + there + "/PractitionerRole/r"), role)
                            .statusCode())
                    .isIn(200, 201);

            assertThat(get("/fhir/PractitionerRole/r").body())
                    .contains("\"reference\":\"Practitioner/masi\"", "\"reference\":\"Organization/mignot\"");
        }
    }

    @Test
    void nothingElse_isBelowThatPath() throws Exception {
        assertThat(get("/annuaire/metrics").statusCode()).isEqualTo(404);
        assertThat(get("/annuaire/admin/api/roles").statusCode()).isEqualTo(404);
        assertThat(get("/annuaire/fhir/../fhir/Practitioner").statusCode()).isEqualTo(400);
        assertThat(get("/annuaire/fhirx/Practitioner").statusCode()).isEqualTo(404);
        assertThat(get("/annuaire/fhir/Practitioner?nonsense=1").statusCode()).isEqualTo(400);
        assertThat(get("/annuaire/fhir/Practitioner/masi").statusCode()).isEqualTo(200);
        assertThat(get("/annuaire/fhir/metadata").statusCode()).isEqualTo(200);
    }

    /** What a search of an export means is said by the base that it is asked at. */
    @Test
    void export_readsItsSearchesAsTheBaseDoes() throws Exception {
        assertThat(exported("/annuaire/fhir")).hasSize(1);
        assertThat(exported("/fhir")).isEmpty();
    }

    private BsonArray exported(String base) throws Exception {
        HttpResponse<String> begun = Http.send(
                "GET",
                URI.create(root + base
                        + "/$export?_type=Practitioner&_typeFilter=Practitioner%3Fidentifier%3D%7C10001234567"),
                "ESANTE-API-KEY",
                TestServer.TOKEN,
                "Prefer",
                "respond-async");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        URI address = URI.create(begun.headers().firstValue("Content-Location").orElseThrow());
        AtomicReference<String> manifest = new AtomicReference<>("");
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            HttpResponse<String> status = Http.send("GET", address, "ESANTE-API-KEY", TestServer.TOKEN);
            assertThat(status.statusCode()).as(status.body()).isIn(200, 202);
            manifest.set(status.body());
            return status.statusCode() == 200;
        });
        return BsonDocument.parse(manifest.get()).getArray("output");
    }
}
