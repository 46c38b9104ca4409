package miroir.server.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an issuer says of himself, in {@code .well-known/openid-configuration}. */
record Discovery(Map<String, Object> content) {
    private static final String PATH = "/.well-known/openid-configuration";

    /** Where it is. */
    static String address(String issuer) {
        return (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + PATH;
    }

    /** Reads it; whoever says that he is another issuer is not the one who was asked for. */
    static Discovery of(String json, String issuer) throws IOException {
        try {
            Discovery read = new Discovery(JSONObjectUtils.parse(json));
            String says = read.text("issuer").orElse("");
            if (!says.equals(issuer)) {
                throw new IOException("it is of the issuer \"" + says + "\", and not of \"" + issuer + "\"");
            }
            return read;
        } catch (ParseException e) {
            throw new IOException("it is no JSON object: " + e.getMessage(), e);
        }
    }

    Optional<String> text(String name) {
        return content.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    List<String> texts(String name) {
        return content.get(name) instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }
}
