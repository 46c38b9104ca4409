package miroir.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.server.access.TokenText;
import miroir.server.pipeline.SentToken;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Gives each request to the tenant that it is for: whose name is the first segment of its path, or who has issued the token that is shown. All
 * that is behind this is one tenant's alone, and finds the path as if there were no other. The tenant that a path names knows no tokens of
 * others, so a token opens nothing but its own.
 *
 * <p>Nothing is decoded to find the name: a path that spells it in another way is for the server's own, which knows no such path. So is one that leads back out of
 * where it began.
 */
final class ChooseTenant extends Handler.Sequence {
    private final MountedTenant own;
    private final Map<String, MountedTenant> byName;
    private final List<MountedTenant> others;

    /** Among others, and the server's own where none of them is meant. */
    ChooseTenant(MountedTenant own, List<MountedTenant> others) {
        super(Stream.concat(Stream.of(own), others.stream())
                .map(MountedTenant::handler)
                .toList());
        this.own = own;
        this.others = List.copyOf(others);
        this.byName = others.stream().collect(Collectors.toUnmodifiableMap(MountedTenant::name, tenant -> tenant));
    }

    /** A handler for all of them, of which the first is the server's own. */
    static Handler among(List<MountedTenant> tenants) {
        return tenants.size() == 1
                ? tenants.get(0).handler()
                : new ChooseTenant(tenants.get(0), tenants.subList(1, tenants.size()));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = request.getHttpURI().getPath();
        MountedTenant named = named(path);
        if (named != null && !path.contains("/..")) {
            String below = path.substring(1 + named.name().length());
            Request meant = new WithoutSegment(request, "/" + named.name(), below);
            return named.handler().handle(meant, response, callback);
        }
        MountedTenant issuer = issuerOf(request, path);
        Request meant = issuer.name().isEmpty() ? request : new WithoutSegment(request, "/" + issuer.name(), path);
        return issuer.handler().handle(meant, response, callback);
    }

    private @Nullable MountedTenant named(@Nullable String path) {
        if (path == null || !path.startsWith("/")) {
            return null;
        }
        int end = path.indexOf('/', 1);
        return byName.get(path.substring(1, end < 0 ? path.length() : end));
    }

    /** Whose token is shown, where resources or the admin API are asked for; whom nobody knows, the server itself refuses. */
    private MountedTenant issuerOf(Request request, @Nullable String path) {
        Optional<String> token = isByToken(path) ? token(request.getHeaders()) : Optional.empty();
        if (token.isEmpty()) {
            return own;
        }
        String hash = TokenText.hash(token.get());
        return own.tenant().tokens().owns(hash)
                ? own
                : others.stream()
                        .filter(each -> each.tenant().tokens().owns(hash))
                        .findFirst()
                        .orElse(own);
    }

    private boolean isByToken(@Nullable String path) {
        return path != null
                && own.tenant().bases().stream().anyMatch(base -> path.equals(base) || path.startsWith(base + "/"));
    }

    private static Optional<String> token(HttpFields headers) {
        String authorization = headers.get(HttpHeader.AUTHORIZATION);
        return authorization == null
                ? Optional.ofNullable(headers.get(SentToken.API_KEY))
                : SentToken.ofBearer(authorization);
    }
}
