package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a deployer puts into {@code conf/theme}, on the pages of a server. */
@ExtendWith(MongoExtension.class)
final class ThemeIT {
    private static final String STYLE = ":root { --accent: #123456; }";

    @Test
    void theme_ofAFolder_isOnEveryPageAndServedFromHere(TestDatabase database, @TempDir Path folder) throws Exception {
        Path conf =
                SearchFolder.in(Files.createDirectory(folder.resolve("conf"))).path();
        Path theme = Files.createDirectory(conf.resolve("theme"));
        Files.writeString(theme.resolve("theme.css"), STYLE);
        Files.writeString(theme.resolve("logo.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
        ServerConfiguration configuration = ServerConfiguration.read(
                "server.yaml",
                "{listen: {port: 0}, database: {uri: '" + database.uri() + "', name: " + database.name() + "}}",
                Map.<String, String>of()::get);

        try (Application application = Application.start(configuration, conf, said -> {})) {
            String root = "http://127.0.0.1:" + application.port();
            for (String path : new String[] {"/", "/admin/login", "/admin/nowhere/at/all/x"}) {
                HttpResponse<String> page = Http.send("GET", URI.create(root + path), "Accept", "text/html");
                if (page.statusCode() != 303) {
                    assertThat(page.body().indexOf("/assets/theme.css?v="))
                            .as(path)
                            .isGreaterThan(page.body().indexOf("/assets/miroir.css?v="));
                    assertThat(page.body()).contains("<img src=\"/assets/logo.svg?v=");
                }
            }
            Matcher link = Pattern.compile("/assets/theme\\.css\\?v=[0-9a-f]+")
                    .matcher(Http.send("GET", URI.create(root + "/")).body());
            assertThat(link.find()).isTrue();
            HttpResponse<String> style = Http.send("GET", URI.create(root + link.group()));
            assertThat(style.body()).isEqualTo(STYLE);
            assertThat(style.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).isEqualToIgnoringCase("text/css;charset=utf-8"));
            assertThat(style.headers().firstValue("Cache-Control")).contains("public, max-age=31536000, immutable");
            assertThat(style.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(Http.send("GET", URI.create(root + "/assets/theme.css"))
                            .headers()
                            .firstValue("Cache-Control"))
                    .contains("no-cache");
            assertThat(Http.send("GET", URI.create(root + "/assets/logo.png")).statusCode())
                    .isEqualTo(404);
            assertThat(Http.send("GET", URI.create(root + "/assets/../server.yaml"))
                            .statusCode())
                    .isBetween(400, 499);
        }
    }
}
