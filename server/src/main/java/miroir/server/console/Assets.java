package miroir.server.console;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.ConsolePaths;
import miroir.server.routing.Router;

/**
 * {@code /assets}: the stylesheet and the like, and a deployer's own. Pages name them with what they are now, so browsers may keep them for good.
 */
public final class Assets extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Map<String, String> TYPES = Map.of(
            "miroir.css", "text/css;charset=UTF-8",
            "miroir.js", "text/javascript;charset=UTF-8",
            "miroir.svg", "image/svg+xml");

    private static final Map<String, Asset> OURS = ours();

    private final transient Theme theme;

    public Assets(Theme theme) {
        this.theme = theme;
    }

    private static Map<String, Asset> ours() {
        Map<String, Asset> all = new LinkedHashMap<>();
        TYPES.forEach((name, type) -> all.put(name, new Asset(name, type, read(name))));
        return all;
    }

    private static byte[] read(String name) {
        try (InputStream in = Objects.requireNonNull(Assets.class.getResourceAsStream("assets/" + name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of ours, or of a theme. */
    static Optional<Asset> find(String name, Theme theme) {
        return Optional.ofNullable(OURS.get(name)).or(() -> theme.find(name));
    }

    /** Where one is, below the root of a tenant. */
    static String path(String name, Theme theme) {
        return ConsolePaths.ASSETS + "/" + find(name, theme).orElseThrow().link();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = Objects.requireNonNullElse(request.getPathInfo(), "/");
        Asset asset = find(path.substring(1), theme).orElseThrow(() -> Router.noPage(request.getRequestURI()));
        boolean isThis = asset.isNamedBy(Objects.requireNonNullElse(request.getQueryString(), ""));
        response.setHeader("Cache-Control", isThis ? "public, max-age=31536000, immutable" : "no-cache");
        response.setContentType(asset.type());
        response.setContentLength(asset.length());
        asset.writeTo(response.getOutputStream());
        Exchange.of(request).wrote(asset.length());
    }
}
