package miroir.sync.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustAnchorsTest {
    @Test
    void and_certificatesInPem_makesAContext(@TempDir Path folder) throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        X509Certificate any = ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()[0];
        Path pem = Files.writeString(
                folder.resolve("anchors.pem"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(any.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");

        assertThat(TrustAnchors.and(pem).getProtocol()).isEqualTo("TLS");
    }

    @Test
    void and_whatIsNoCertificate_isRefusedByName(@TempDir Path folder) throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong.pem"), "-----BEGIN CERTIFICATE-----\nnonsense\n");

        assertThatThrownBy(() -> TrustAnchors.and(wrong)).hasMessageContaining("wrong.pem");
    }
}
