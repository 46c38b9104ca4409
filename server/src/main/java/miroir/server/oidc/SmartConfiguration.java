package miroir.server.oidc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What SMART App Launch wants told of an issuer and of this server, from what the issuer says of itself. */
final class SmartConfiguration {
    private static final List<String> ADDRESSES = List.of(
            "authorization_endpoint",
            "token_endpoint",
            "registration_endpoint",
            "introspection_endpoint",
            "revocation_endpoint");

    private static final String CHALLENGE = "S256";

    private SmartConfiguration() {}

    static Map<String, Object> of(Discovery discovery) {
        Map<String, Object> document = new LinkedHashMap<>();
        for (String name : ADDRESSES) {
            discovery.text(name).ifPresent(url -> document.put(name, url));
        }
        List<String> authentication = authentication(discovery);
        document.put("token_endpoint_auth_methods_supported", authentication);
        document.put("grant_types_supported", grants(discovery));
        document.put("code_challenge_methods_supported", challenges(discovery));
        document.put("capabilities", capabilities(authentication));
        return document;
    }

    /** Who says nothing has this, says OpenID Connect Discovery. */
    private static List<String> authentication(Discovery discovery) {
        List<String> said = discovery.texts("token_endpoint_auth_methods_supported");
        return said.isEmpty() ? List.of("client_secret_basic") : said;
    }

    /** Who says nothing has these, says OpenID Connect Discovery. */
    private static List<String> grants(Discovery discovery) {
        List<String> said = discovery.texts("grant_types_supported");
        return said.isEmpty() ? List.of("authorization_code", "implicit") : said;
    }

    /** SMART wants no other. */
    private static List<String> challenges(Discovery discovery) {
        return discovery.texts("code_challenge_methods_supported").contains(CHALLENGE) ? List.of(CHALLENGE) : List.of();
    }

    private static List<String> capabilities(List<String> authentication) {
        List<String> capabilities = new ArrayList<>(List.of("permission-v1", "permission-v2", "permission-user"));
        if (authentication.contains("private_key_jwt")) {
            capabilities.add("client-confidential-asymmetric");
        }
        if (authentication.contains("client_secret_basic")) {
            capabilities.add("client-confidential-symmetric");
        }
        return capabilities;
    }
}
