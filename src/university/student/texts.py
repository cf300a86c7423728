"""How a mail is said in English and Polish, around the words of the notification it carries."""

from university.platform.language import Words

GREETING = Words("Hello {name},", "Dzień dobry, {name}!")
WHERE = Words("All your notifications: {address}", "Wszystkie powiadomienia: {address}")
WHY = Words(
    "You get this because you study here. E-mails can be turned off there; please do not answer this one.",
    "Otrzymujesz tę wiadomość, ponieważ tu studiujesz. Listy można tam wyłączyć; prosimy na ten nie odpowiadać.",
)
