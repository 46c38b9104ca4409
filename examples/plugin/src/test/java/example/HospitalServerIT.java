package example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import miroir.server.Miroir;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example does what it is there to show. */
@ExtendWith(MongoExtension.class)
final class HospitalServerIT {
    private static final Path CONF = Path.of(System.getProperty("miroir.root"), "conf");

    @Test
    void server_answersItsOwnTypeAndOurs(TestDatabase database) throws Exception {
        Map<String, String> environment = Map.of("MONGODB_URI", database.uri(), "MIROIR_DATABASE", database.name());
        try (Miroir miroir = Miroir.open(CONF, environment::get)) {
            Server server = HospitalServer.serving(miroir, 0);
            try {
                FhirContext fhir = FhirContext.forR4();
                fhir.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
                int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
                IGenericClient client = fhir.newRestfulGenericClient("http://127.0.0.1:" + port + "/fhir");
                Practitioner practitioner = new Practitioner();
                practitioner.setId("p1");
                practitioner.addName().setFamily("Lefèvre");
                await().atMost(Duration.ofSeconds(60))
                        .ignoreExceptionsInstanceOf(BaseServerResponseException.class)
                        .until(() ->
                                client.update().resource(practitioner).execute().getCreated());

                Patient patient =
                        client.read().resource(Patient.class).withId("1").execute();
                assertThat(patient.getGeneralPractitionerFirstRep().getReference())
                        .isEqualTo("Practitioner/p1");
                Bundle found = client.search()
                        .byUrl("Practitioner?family=lefevre")
                        .returnBundle(Bundle.class)
                        .execute();
                assertThat(found.getEntry()).hasSize(1);
            } finally {
                server.stop();
            }
        }
    }
}
