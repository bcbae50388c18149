import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;

// Arguments: host, port, sender, recipient. An exception is printed with its causes, as in a log.
class JakartaClient {
    public static void main(String[] args) throws Exception {
        Properties settings = new Properties();
        settings.put("mail.smtp.host", args[0]);
        settings.put("mail.smtp.port", args[1]);
        settings.put("mail.smtp.localhost", "client.example");
        MimeMessage message = new MimeMessage(Session.getInstance(settings));
        message.setFrom(new InternetAddress(args[2]));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(args[3]));
        message.setSubject("x");
        message.setText("hello");
        Transport.send(message);
        System.out.println("sent");
    }
}
