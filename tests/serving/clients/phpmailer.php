<?php
// Arguments: the loader, host, port, sender, recipient.
require $argv[1];
$mail = new PHPMailer\PHPMailer\PHPMailer(true);
$mail->isSMTP();
$mail->Host = $argv[2];
$mail->Port = (int) $argv[3];
$mail->SMTPAutoTLS = false;
$mail->Helo = 'client.example';
try {
    $mail->setFrom($argv[4]);
    $mail->addAddress($argv[5]);
    $mail->Subject = 'x';
    $mail->Body = 'hello';
    $mail->send();
    echo "sent\n";
} catch (PHPMailer\PHPMailer\Exception $error) {
    echo 'Mailer Error: ' . $mail->ErrorInfo . "\n";
    exit(1);
}
