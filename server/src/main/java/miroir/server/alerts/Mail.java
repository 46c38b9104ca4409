package miroir.server.alerts;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import miroir.server.configuration.MailConfiguration;

/** Writes a letter, in French and then in English. */
final class Mail implements Channel {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm z");

    private final MailConfiguration configuration;
    private final ZoneId zone;

    Mail(MailConfiguration configuration, ZoneId zone) {
        this.configuration = configuration;
        this.zone = zone;
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public void send(Announcement announcement) throws IOException {
        Session session = Session.getInstance(properties());
        try (Transport transport = session.getTransport(configuration.isOverTls() ? "smtps" : "smtp")) {
            MimeMessage letter = letter(session, announcement);
            transport.connect(
                    configuration.server().getHost(),
                    configuration.port(),
                    configuration.user().orElse(null),
                    configuration.password().orElse(null));
            transport.sendMessage(letter, letter.getAllRecipients());
        } catch (MessagingException e) {
            throw new IOException("the letter was not taken: " + e.getMessage(), e);
        }
    }

    /** A password goes over TLS only, to whom the certificate names. */
    private Properties properties() {
        String protocol = configuration.isOverTls() ? "smtps" : "smtp";
        String millis = String.valueOf(PATIENCE.toMillis());
        Properties properties = new Properties();
        properties.put("mail." + protocol + ".connectiontimeout", millis);
        properties.put("mail." + protocol + ".timeout", millis);
        properties.put("mail." + protocol + ".writetimeout", millis);
        properties.put("mail." + protocol + ".ssl.checkserveridentity", "true");
        properties.put("mail.smtp.starttls.enable", "true");
        boolean hasUser = configuration.user().isPresent();
        properties.put("mail.smtp.starttls.required", String.valueOf(hasUser));
        properties.put("mail." + protocol + ".auth", String.valueOf(hasUser));
        return properties;
    }

    private MimeMessage letter(Session session, Announcement announcement) throws MessagingException {
        MimeMessage letter = new MimeMessage(session);
        letter.setFrom(new InternetAddress(configuration.from()));
        List<Address> to = new ArrayList<>();
        for (String address : configuration.to()) {
            to.add(new InternetAddress(address));
        }
        letter.setRecipients(Message.RecipientType.TO, to.toArray(Address[]::new));
        String charset = StandardCharsets.UTF_8.name();
        letter.setSubject("[Miroir] " + subject(announcement), charset);
        letter.setText(text(announcement), charset);
        letter.setHeader("Auto-Submitted", "auto-generated");
        letter.setSentDate(Date.from(announcement.at()));
        return letter;
    }

    private static String subject(Announcement announcement) {
        List<Standing> told = new ArrayList<>(announcement.begun());
        told.addAll(announcement.lasting());
        boolean isGood = told.isEmpty();
        List<Standing> all = isGood ? announcement.over() : told;
        String first = (isGood ? "Rétabli : " : "") + all.get(0).problem().french();
        return all.size() == 1 ? first : first + " (+" + (all.size() - 1) + ")";
    }

    private String text(Announcement announcement) {
        StringBuilder text = new StringBuilder();
        add(text, "Nouveau", announcement.begun(), Problem::french);
        add(text, "Toujours", announcement.lasting(), Problem::french);
        add(text, "Rétabli", announcement.over(), Problem::french);
        text.append("Console : ").append(announcement.server()).append("\n\n-- \n\n");
        add(text, "New", announcement.begun(), Problem::english);
        add(text, "Still", announcement.lasting(), Problem::english);
        add(text, "Over", announcement.over(), Problem::english);
        return text.append("Console: ")
                .append(announcement.server())
                .append('\n')
                .toString();
    }

    private void add(StringBuilder text, String title, List<Standing> all, Function<Problem, String> said) {
        if (all.isEmpty()) {
            return;
        }
        text.append(title).append("\n");
        for (Standing each : all) {
            text.append("- ")
                    .append(said.apply(each.problem()))
                    .append(" (")
                    .append(TIME.withZone(zone).format(each.since()))
                    .append(")\n");
            if (!each.problem().detail().isEmpty()) {
                text.append("  ")
                        .append(each.problem().detail().replaceAll("\\s+", " "))
                        .append('\n');
            }
        }
        text.append('\n');
    }
}
