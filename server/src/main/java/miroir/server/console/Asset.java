package miroir.server.console;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file that browsers load beside pages. They may keep it for good: where it is named, it is named with what it is. */
final class Asset {
    private static final int DIGEST = 6;

    private final String name;
    private final String type;
    private final byte[] content;
    private final String version;

    Asset(String name, String type, byte[] content) {
        this.name = name;
        this.type = type;
        this.content = content.clone();
        this.version = "v=" + HexFormat.of().formatHex(digest(content), 0, DIGEST);
    }

    private static byte[] digest(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    String name() {
        return name;
    }

    String type() {
        return type;
    }

    /** Its name and version, as a URL has them. */
    String link() {
        return name + "?" + version;
    }

    /** Whether a query asks for what it is now. */
    boolean isNamedBy(String query) {
        return version.equals(query);
    }

    int length() {
        return content.length;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(content);
    }
}
