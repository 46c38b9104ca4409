package miroir.server.tls;

import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One block of a PEM file (RFC 7468); what stands between blocks is for people.
 *
 * @param label what it is, such as {@code CERTIFICATE}
 * @param text what is in it
 */
record PemBlock(String label, String text) {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----([^-]*+(?:-(?!----)[^-]*+)*+)-----END \\1-----");

    static List<PemBlock> allOf(String file) {
        return BLOCK.matcher(file)
                .results()
                .map(block -> new PemBlock(block.group(1), block.group(2)))
                .toList();
    }

    /** Whether it is encrypted in OpenSSL's old way, which says so in headers of its own. */
    boolean isEncryptedByOldMeans() {
        return text.contains("DEK-Info:");
    }

    /** What is encoded in it; throws where it is no Base64. */
    byte[] bytes() {
        return Base64.getDecoder().decode(text.replaceAll("\\s", ""));
    }

    /** Nothing of a key belongs into a log. */
    @Override
    public String toString() {
        return label;
    }
}
