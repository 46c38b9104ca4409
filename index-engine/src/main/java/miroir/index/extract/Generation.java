package miroir.index.extract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;

/** Tells whether resources get the same fields. What is indexed does not count, nor what built-in parameters are said to select. */
final class Generation {
    /** Raised whenever the extractor itself writes other fields than before. */
    static final int EXTRACTOR_VERSION = 4;

    private static final int DIGEST_BYTES = 16;

    private Generation() {}

    /** A number for all parameters together, whose order does not count. */
    static int of(SearchParameterRegistry registry, ExtractionSettings settings) {
        List<String> lines = new ArrayList<>();
        registry.types().forEach(type -> registry.of(type).forEach(parameter -> lines.add(line(parameter, settings))));
        Collections.sort(lines);
        return ByteBuffer.wrap(sha256(String.join("\n", lines))).getInt() & Integer.MAX_VALUE;
    }

    /** Of everything that decides which fields one parameter has. */
    static String digest(SearchParameter parameter, ExtractionSettings settings) {
        return HexFormat.of().formatHex(sha256(line(parameter, settings)), 0, DIGEST_BYTES);
    }

    private static String line(SearchParameter parameter, ExtractionSettings settings) {
        return String.join(
                "\t",
                parameter.type(),
                parameter.code(),
                parameter.searchType().code(),
                parameter.isBuiltIn() ? "" : parameter.expression(),
                parameter.indexName(),
                String.valueOf(parameter.sortable()),
                String.valueOf(parameter.text()),
                String.valueOf(parameter.computed()),
                parameter.components().toString(),
                "extractor " + EXTRACTOR_VERSION + " zone " + settings.zone() + " bases "
                        + new TreeSet<>(settings.ownBases()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
