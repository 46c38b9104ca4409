package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.ConsolePaths;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.FluentWait;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A Chromium without a window, and what is asked of it here. */
final class Browser implements AutoCloseable {
    private static final String COLOURS = "color-contrast";

    private static final Pattern ACTION = Pattern.compile("action=\"([^\"]*/admin/do/[^\"]*)\"");

    static final int PHONE = 390;

    private static final long LONGEST_PICTURE = 2400;

    private static final int MORE_STOPS = 8;
    private static final int MOST_TABS = 300;

    private final ChromeDriver driver;
    private final Set<Act> offered = new TreeSet<>();
    private final Map<String, Set<Act>> done = new TreeMap<>();

    /**
     * What a form asks for.
     *
     * @param page the kind of page that it stands on; empty: on all of them
     */
    record Act(AdminRoute route, String page) implements Comparable<Act> {
        @Override
        public int compareTo(Act other) {
            return toString().compareTo(other.toString());
        }
    }

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Where there is none, what needs one is skipped; not by CI, of which nobody reads what it skipped. */
    static void require() {
        boolean isInstalled =
                program("chromium").isPresent() && program("chromedriver").isPresent();
        String missing = "there is no Chromium with its driver (Debian: chromium, chromium-driver)";
        assertThat(isInstalled || System.getenv("CI") == null).as(missing).isTrue();
        assumeTrue(isInstalled, missing);
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
                "--lang=fr",
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
        noteForms();
        return this;
    }

    private void noteForms() {
        ((List<?>) Objects.requireNonNull(driver.executeScript(PageScripts.FORMS)))
                .forEach(each -> offered.add(act(each)));
    }

    /** What a form of the page that is shown asks for. */
    private Act act(Object action) {
        String here = script("return document.body.dataset.here").toString();
        AdminRoute route = route(action);
        return new Act(route, route == AdminRoute.LOG_OUT ? "" : Place.kind(here));
    }

    /** What a form asks for, by where it is sent. */
    private static AdminRoute route(Object action) {
        return ConsolePaths.call("POST", URI.create(action.toString()).getPath())
                .route();
    }

    /** What the forms of the page that is shown ask for. */
    Set<AdminRoute> asked() {
        Matcher forms = ACTION.matcher(source());
        Set<AdminRoute> asked = EnumSet.noneOf(AdminRoute.class);
        while (forms.find()) {
            asked.add(route(forms.group(1)));
        }
        return asked;
    }

    /** What forms of pages that were shown ask for, so far. */
    Set<Act> offered() {
        return offered;
    }

    /** Which of them were sent from pages in that language. */
    Set<Act> done(String language) {
        return done.computeIfAbsent(language, any -> new TreeSet<>());
    }

    /** What was shown and done elsewhere counts here. */
    void didAlso(Browser other) {
        offered.addAll(other.offered);
        other.done.forEach((language, acts) -> done(language).addAll(acts));
    }

    /** Where the page leads to within this site. */
    Set<String> links() {
        List<?> links = (List<?>) Objects.requireNonNull(driver.executeScript(PageScripts.LINKS));
        Set<String> paths = new TreeSet<>();
        links.forEach(each -> paths.add(each.toString()));
        return paths;
    }

    /** What the server answered the page with. */
    int status() {
        return ((Number) Objects.requireNonNull(
                        driver.executeScript("return performance.getEntriesByType('navigation')[0].responseStatus")))
                .intValue();
    }

    /** What a script says; for tests of scripts. */
    Object script(String script, Object... arguments) {
        return Objects.requireNonNullElse(driver.executeScript(script, arguments), "");
    }

    Object later(String script) {
        return Objects.requireNonNullElse(driver.executeAsyncScript(script), "");
    }

    /** Before any script of a page that is opened from now on. */
    void beforePages(String script) {
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    String cookie(String name) {
        return Objects.requireNonNull(driver.manage().getCookieNamed(name), name)
                .getValue();
    }

    void forget() {
        driver.manage().deleteAllCookies();
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

    /** What stands in a field. */
    String value(String id) {
        return Objects.requireNonNullElse(driver.findElement(By.id(id)).getDomProperty("value"), "");
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
        WebElement clicked = driver.findElement(By.cssSelector(css));
        followed(page, clicked, clicked::click);
    }

    /** The same by the keyboard, of what has the focus. */
    void enter() {
        WebElement page = driver.findElement(By.tagName("html"));
        followed(page, driver.switchTo().activeElement(), () -> press(Keys.ENTER));
    }

    private void followed(WebElement page, WebElement control, Runnable go) {
        String action = script("return arguments[0].form ? arguments[0].form.action : ''", control)
                .toString();
        String language = script("return document.documentElement.lang").toString();
        Act act = action.contains("/admin/do/") ? act(action) : null;
        go.run();
        waiting().until(at -> isGone(page));
        await("footer");
        noteForms();
        if (act != null && !has("[role=alert]")) {
            done(language).add(act);
        }
    }

    /** Goes on by the tabulator until what has the focus is one of these. */
    void tabTo(String css) {
        for (int i = 0; i < MOST_TABS; i++) {
            new Actions(driver).sendKeys(Keys.TAB).perform();
            if (Boolean.TRUE.equals(script("return document.activeElement.matches(arguments[0])", css))) {
                return;
            }
        }
        throw new AssertionError("the tabulator does not lead to " + css + " at " + url());
    }

    /** Types to what has the focus, whatever that is. */
    void keys(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** What the page has: headings, columns, forms, fields, buttons. */
    List<?> outline() {
        return (List<?>) Objects.requireNonNull(driver.executeScript(PageScripts.OUTLINE));
    }

    /** The same where a script may not yet have put the thing there. */
    void awaitAndFollow(String css) {
        await(css);
        follow(css);
    }

    void choose(String id, String text) {
        new Select(driver.findElement(By.id(id))).selectByVisibleText(text);
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

    private void narrow(int width, double scale, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", scale, "mobile", false));
    }

    /** As wide as a phone, or as a window of twice that width where somebody zooms to 200 %. */
    void narrow(int width, double scale) {
        narrow(width, scale, 900);
    }

    /** As wide as it was. */
    void widen() {
        driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    /** Goes through the page by the tabulator, and says what is wrong: what was not reached, where nobody sees where he is, what came before its turn. */
    List<?> walk() {
        long controls = ((Number) Objects.requireNonNull(driver.executeScript(PageScripts.WATCH))).longValue();
        // Dates have several places to stop in.
        String tabs = Keys.TAB.toString().repeat((int) controls + MORE_STOPS * count("input[type=datetime-local]") + 1);
        new Actions(driver).sendKeys(tabs).perform();
        return (List<?>) Objects.requireNonNull(driver.executeScript(PageScripts.WALKED));
    }

    /** Unfolds all that is folded; false: nothing was. */
    boolean unfold() {
        return Boolean.TRUE.equals(script(PageScripts.UNFOLD));
    }

    /** Whether any of these can be seen. */
    boolean isShown(String css) {
        return driver.findElements(By.cssSelector(css)).stream().anyMatch(WebElement::isDisplayed);
    }

    int count(String css) {
        return driver.findElements(By.cssSelector(css)).size();
    }

    void likeDark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** What keeps somebody from using the page. */
    private List<?> violations(Map<String, ?> options) {
        if (!Boolean.TRUE.equals(driver.executeScript("return typeof axe === 'object'"))) {
            driver.executeScript(PageScripts.AXE);
        }
        return (List<?>) Objects.requireNonNull(driver.executeAsyncScript(PageScripts.VIOLATIONS, options));
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

    /** The whole page, if it is not very long. */
    void shoot(Path file, int width) throws IOException {
        narrow(width, 1);
        long height = number("return document.documentElement.scrollHeight");
        // There is room for what becomes longer where a scrollbar goes.
        narrow(width, 1, (int) height + 400);
        height = number("return Math.ceil(document.documentElement.getBoundingClientRect().height)");
        Map<String, ?> clip =
                Map.of("x", 0, "y", 0, "width", width, "height", Math.min(height, LONGEST_PICTURE), "scale", 1);
        Object taken = driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png", "clip", clip))
                .get("data");
        Files.write(
                file, Base64.getDecoder().decode(Objects.requireNonNull(taken).toString()));
        widen();
    }

    private long number(String script) {
        return ((Number) script(script)).longValue();
    }

    void assertUsable(String what) {
        assertUsable(what, Map.of());
    }

    /** On a phone, in the dark. */
    void assertUsableAtNight(String what) {
        likeDark(true);
        narrow(PHONE, 1);
        try {
            assertUsable("on a phone, in the dark: " + what);
        } finally {
            widen();
            likeDark(false);
        }
    }

    /** In other colours nothing else is different. */
    void assertReadable(String what) {
        assertThat(violations(Map.of("runOnly", List.of(COLOURS)))).as(what).isEmpty();
    }

    /** The same in the dark. */
    void assertReadableAtNight(String what) {
        likeDark(true);
        try {
            assertReadable("in the dark: " + what);
        } finally {
            likeDark(false);
        }
    }

    private void assertUsable(String what, Map<String, ?> options) {
        assertThat(violations(options)).as(what).isEmpty();
        assertThat(complaints()).as(what).isEmpty();
        assertThat(overflow()).as(what + ": beside the window").isLessThanOrEqualTo(0);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
