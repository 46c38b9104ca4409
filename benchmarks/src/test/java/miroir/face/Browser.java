package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.FluentWait;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A Chromium without a window, and what is asked of it here. */
final class Browser implements AutoCloseable {
    private static final String AXE = resource("/axe.min.js");

    /** What axe finds, in words; nothing where all is well. */
    private static final String VIOLATIONS = """
            var done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then(function (found) {
              done(found.violations.map(function (each) {
                return each.id + ': ' + each.help + ' at ' + each.nodes.map(function (node) { return node.target.join(' '); }).join('; ');
              }));
            });
            """;

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Browser.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** Whether there is one on this machine; Debian: chromium, chromium-driver. */
    static boolean isInstalled() {
        return program("chromium").isPresent() && program("chromedriver").isPresent();
    }

    private static Optional<Path> program(String name) {
        return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":", -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** One that asks for pages in French. */
    static Browser open() {
        return open(true);
    }

    static Browser withoutScripts() {
        return open(false);
    }

    private static Browser open(boolean scripts) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("chromium").orElseThrow().toString());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--window-size=1280,1000");
        Map<String, Object> preferences = new HashMap<>();
        preferences.put("intl.accept_languages", "fr");
        if (!scripts) {
            preferences.put("profile.managed_default_content_settings.javascript", 2);
        }
        options.setExperimentalOption("prefs", preferences);
        LoggingPreferences logged = new LoggingPreferences();
        logged.enable(LogType.BROWSER, Level.SEVERE);
        options.setCapability("goog:loggingPrefs", logged);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program("chromedriver").orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    Browser go(String url) {
        driver.get(url);
        return this;
    }

    String url() {
        return driver.getCurrentUrl();
    }

    String source() {
        return Objects.requireNonNullElse(driver.getPageSource(), "");
    }

    String text(String css) {
        return driver.findElement(By.cssSelector(css)).getText();
    }

    boolean has(String css) {
        return !driver.findElements(By.cssSelector(css)).isEmpty();
    }

    void type(String id, String text) {
        WebElement field = driver.findElement(By.id(id));
        field.clear();
        field.sendKeys(text);
    }

    void click(String css) {
        driver.findElement(By.cssSelector(css)).click();
    }

    /** Clicks on what leads to another page, or to this one again, and waits for it. */
    void follow(String css) {
        WebElement page = driver.findElement(By.tagName("html"));
        click(css);
        waiting().until(at -> isGone(page));
        await("footer");
    }

    /** In between, the driver finds now the one page, now the other, and complains. */
    private static boolean isGone(WebElement page) {
        try {
            page.isEnabled();
            return false;
        } catch (WebDriverException gone) {
            return true;
        }
    }

    private FluentWait<WebDriver> waiting() {
        return new WebDriverWait(driver, Duration.ofSeconds(30), Duration.ofMillis(20))
                .ignoring(WebDriverException.class);
    }

    void press(CharSequence keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    String focused() {
        return Objects.requireNonNullElse(driver.switchTo().activeElement().getAttribute("class"), "");
    }

    void await(String css) {
        waiting().until(at -> has(css));
    }

    void awaitText(String css, String text) {
        waiting().until(at -> has(css) && text(css).contains(text));
    }

    void resize(int width) {
        driver.manage().window().setSize(new Dimension(width, 1000));
    }

    void likeDark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** What keeps somebody from using the page. */
    List<?> violations() {
        driver.executeScript(AXE);
        return (List<?>) Objects.requireNonNull(driver.executeAsyncScript(VIOLATIONS));
    }

    /** How high something is, in pixels. */
    int height(String selector) {
        return driver.findElement(By.cssSelector(selector)).getSize().getHeight();
    }

    /** How much of the page lies beside the window. */
    long overflow() {
        return ((Number) Objects.requireNonNull(driver.executeScript(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth")))
                .longValue();
    }

    /** What the browser complained about since it was asked last, but for answers that are refusals. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(entry -> entry.getMessage())
                .filter(message -> !message.contains("Failed to load resource"))
                .toList();
    }

    /** The whole page. */
    void shoot(Path file) throws IOException {
        long height = ((Number)
                        Objects.requireNonNull(driver.executeScript("return document.documentElement.scrollHeight")))
                .longValue();
        driver.manage().window().setSize(new Dimension(1280, (int) Math.min(4000, height + 150)));
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        resize(1280);
    }

    void assertUsable(String what) {
        assertThat(violations()).as(what).isEmpty();
        assertThat(complaints()).as(what).isEmpty();
        assertThat(overflow()).as(what + ": beside the window").isLessThanOrEqualTo(0);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
