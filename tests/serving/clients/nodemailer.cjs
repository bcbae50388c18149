// Arguments: the module, host, port, sender, recipient. What it says when it fails is printed as people log it.
const [nodemailer, host, port, from, to] = process.argv.slice(2);
const transport = require(nodemailer).createTransport({ host, port: +port, name: 'client.example', ignoreTLS: true });
transport
  .sendMail({ from, to, subject: 'x', text: 'hello' })
  .then((info) => console.log(info.response))
  .catch((error) => { console.log(String(error)); process.exitCode = 1; });
