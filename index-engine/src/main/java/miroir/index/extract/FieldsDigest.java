package miroir.index.extract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterType;

/** Tells whether resources get the same fields. What is indexed does not count, nor what built-in parameters are said to select. */
final class FieldsDigest {
    /** Raised whenever the extractor itself writes other fields than before. */
    static final int EXTRACTOR_VERSION = 6;

    /** Since when nothing has changed but what is sorted by. */
    private static final int WITHOUT_WORDS = 5;

    private static final int DIGEST_BYTES = 16;

    private FieldsDigest() {}

    /** Of everything that decides which fields one parameter has. */
    static String of(SearchParameter parameter, ExtractionSettings settings) {
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
                "extractor " + version(parameter) + " zone " + settings.zone() + " bases "
                        + new TreeSet<>(settings.ownBases()));
    }

    private static int version(SearchParameter parameter) {
        return parameter.searchType() == SearchParameterType.STRING && parameter.sortable()
                ? EXTRACTOR_VERSION
                : WITHOUT_WORDS;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
