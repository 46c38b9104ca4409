package miroir.index.extract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;

/** A number for everything that decides which fields resources of some types get. Order does not count, nor what is indexed. */
final class Generation {
    /** Raised whenever the extractor itself writes other fields than before. */
    private static final int EXTRACTOR_VERSION = 4;

    private Generation() {}

    static int of(SearchParameterRegistry registry, Set<String> types, ExtractionSettings settings) {
        List<String> lines = new ArrayList<>();
        types.forEach(type -> registry.of(type).forEach(parameter -> lines.add(line(parameter))));
        Collections.sort(lines);
        lines.add("extractor " + EXTRACTOR_VERSION + " zone " + settings.zone() + " bases "
                + new TreeSet<>(settings.ownBases()));
        byte[] hash = sha256(String.join("\n", lines));
        return ByteBuffer.wrap(hash).getInt() & Integer.MAX_VALUE;
    }

    private static String line(SearchParameter parameter) {
        return String.join(
                "\t",
                parameter.type(),
                parameter.code(),
                parameter.searchType().code(),
                parameter.expression(),
                parameter.indexName(),
                String.valueOf(parameter.sortable()),
                String.valueOf(parameter.text()),
                String.valueOf(parameter.computed()),
                parameter.components().toString());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
