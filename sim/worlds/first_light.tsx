<?xml version="1.0" encoding="UTF-8"?>
<tileset version="1.10" tiledversion="1.11.0" name="first_light" tilewidth="16" tileheight="16" tilecount="2311" columns="32">
 <image source="first_light.png" width="512" height="1168"/>
 <tile id="0" type="forest floor"/>
 <tile id="1" type="forest floor"/>
 <tile id="2" type="forest floor"/>
 <tile id="3" type="forest floor"/>
 <tile id="4" type="forest floor"/>
 <tile id="5" type="path"/>
 <tile id="6" type="forest floor"/>
 <tile id="7" type="forest floor"/>
 <tile id="8" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="9" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="10" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="11" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="12" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="13" type="forest floor"/>
 <tile id="14" type="forest floor"/>
 <tile id="15" type="forest floor"/>
 <tile id="16" type="forest floor"/>
 <tile id="17" type="forest floor"/>
 <tile id="18" type="forest floor"/>
 <tile id="19" type="path"/>
 <tile id="20" type="forest floor"/>
 <tile id="21" type="forest floor"/>
 <tile id="22" type="forest floor"/>
 <tile id="23" type="forest floor"/>
 <tile id="24" type="forest floor"/>
 <tile id="25" type="forest floor"/>
 <tile id="26" type="forest floor"/>
 <tile id="27" type="forest floor"/>
 <tile id="28" type="forest floor"/>
 <tile id="29" type="forest floor"/>
 <tile id="30" type="forest floor"/>
 <tile id="31" type="forest floor"/>
 <tile id="32" type="forest floor"/>
 <tile id="33" type="forest floor"/>
 <tile id="34" type="forest floor"/>
 <tile id="35" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="36" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="37" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="38" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="39" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="40" type="forest floor"/>
 <tile id="41" type="forest floor"/>
 <tile id="42" type="forest floor"/>
 <tile id="43" type="forest floor"/>
 <tile id="44" type="forest floor"/>
 <tile id="45" type="forest floor"/>
 <tile id="46" type="forest floor"/>
 <tile id="47" type="forest floor"/>
 <tile id="48" type="forest floor"/>
 <tile id="49" type="path"/>
 <tile id="50" type="path"/>
 <tile id="51" type="path"/>
 <tile id="52" type="forest floor"/>
 <tile id="53" type="grass"/>
 <tile id="54" type="grass"/>
 <tile id="55" type="grass"/>
 <tile id="56" type="forest floor"/>
 <tile id="57" type="forest floor"/>
 <tile id="58" type="forest floor"/>
 <tile id="59" type="forest floor"/>
 <tile id="60" type="grass"/>
 <tile id="61" type="grass"/>
 <tile id="62" type="grass"/>
 <tile id="63" type="grass"/>
 <tile id="64" type="grass"/>
 <tile id="65" type="grass"/>
 <tile id="66" type="grass"/>
 <tile id="67" type="grass"/>
 <tile id="68" type="grass"/>
 <tile id="69" type="grass"/>
 <tile id="70" type="grass"/>
 <tile id="71" type="grass"/>
 <tile id="72" type="grass"/>
 <tile id="73" type="grass"/>
 <tile id="74" type="grass"/>
 <tile id="75" type="grass"/>
 <tile id="76" type="water"/>
 <tile id="77" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="78" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="79" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="80" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="81" type="water"/>
 <tile id="82" type="grass"/>
 <tile id="83" type="grass"/>
 <tile id="84" type="forest floor"/>
 <tile id="85" type="forest floor"/>
 <tile id="86" type="forest floor"/>
 <tile id="87" type="forest floor"/>
 <tile id="88" type="grass"/>
 <tile id="89" type="grass"/>
 <tile id="90" type="grass"/>
 <tile id="91" type="grass"/>
 <tile id="92" type="forest floor"/>
 <tile id="93" type="grass"/>
 <tile id="94" type="grass"/>
 <tile id="95" type="path"/>
 <tile id="96" type="grass"/>
 <tile id="97" type="grass"/>
 <tile id="98" type="grass"/>
 <tile id="99" type="grass"/>
 <tile id="100" type="grass"/>
 <tile id="101" type="grass"/>
 <tile id="102" type="forest floor"/>
 <tile id="103" type="forest floor"/>
 <tile id="104" type="grass"/>
 <tile id="105" type="grass"/>
 <tile id="106" type="grass"/>
 <tile id="107" type="forest floor"/>
 <tile id="108" type="forest floor"/>
 <tile id="109" type="grass"/>
 <tile id="110" type="grass"/>
 <tile id="111" type="grass"/>
 <tile id="112" type="grass"/>
 <tile id="113" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="114" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="115" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="116" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="117" type="grass"/>
 <tile id="118" type="grass"/>
 <tile id="119" type="grass"/>
 <tile id="120" type="forest floor"/>
 <tile id="121" type="forest floor"/>
 <tile id="122" type="grass"/>
 <tile id="123" type="grass"/>
 <tile id="124" type="grass"/>
 <tile id="125" type="grass"/>
 <tile id="126" type="forest floor"/>
 <tile id="127" type="forest floor"/>
 <tile id="128" type="grass"/>
 <tile id="129" type="grass"/>
 <tile id="130" type="grass"/>
 <tile id="131" type="grass"/>
 <tile id="132" type="grass"/>
 <tile id="133" type="grass"/>
 <tile id="134" type="grass"/>
 <tile id="135" type="forest floor"/>
 <tile id="136" type="forest floor"/>
 <tile id="137" type="grass"/>
 <tile id="138" type="grass"/>
 <tile id="139" type="grass"/>
 <tile id="140" type="forest floor"/>
 <tile id="141" type="forest floor"/>
 <tile id="142" type="forest floor"/>
 <tile id="143" type="grass"/>
 <tile id="144" type="grass"/>
 <tile id="145" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="146" type="grass"/>
 <tile id="147" type="forest floor"/>
 <tile id="148" type="forest floor"/>
 <tile id="149" type="forest floor"/>
 <tile id="150" type="grass"/>
 <tile id="151" type="grass"/>
 <tile id="152" type="forest floor"/>
 <tile id="153" type="forest floor"/>
 <tile id="154" type="forest floor"/>
 <tile id="155" type="grass"/>
 <tile id="156" type="grass"/>
 <tile id="157" type="grass"/>
 <tile id="158" type="grass"/>
 <tile id="159" type="grass"/>
 <tile id="160" type="grass"/>
 <tile id="161" type="grass"/>
 <tile id="162" type="grass"/>
 <tile id="163" type="forest floor"/>
 <tile id="164" type="forest floor"/>
 <tile id="165" type="grass"/>
 <tile id="166" type="grass"/>
 <tile id="167" type="grass"/>
 <tile id="168" type="grass"/>
 <tile id="169" type="grass"/>
 <tile id="170" type="forest floor"/>
 <tile id="171" type="forest floor"/>
 <tile id="172" type="grass"/>
 <tile id="173" type="grass"/>
 <tile id="174" type="forest floor"/>
 <tile id="175" type="forest floor"/>
 <tile id="176" type="forest floor"/>
 <tile id="177" type="grass"/>
 <tile id="178" type="path"/>
 <tile id="179" type="grass"/>
 <tile id="180" type="grass"/>
 <tile id="181" type="forest floor"/>
 <tile id="182" type="grass"/>
 <tile id="183" type="grass"/>
 <tile id="184" type="forest floor"/>
 <tile id="185" type="forest floor"/>
 <tile id="186" type="grass"/>
 <tile id="187" type="forest floor"/>
 <tile id="188" type="grass"/>
 <tile id="189" type="grass"/>
 <tile id="190" type="path"/>
 <tile id="191" type="grass"/>
 <tile id="192" type="grass"/>
 <tile id="193" type="forest floor"/>
 <tile id="194" type="forest floor"/>
 <tile id="195" type="forest floor"/>
 <tile id="196" type="forest floor"/>
 <tile id="197" type="forest floor"/>
 <tile id="198" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="199" type="grass"/>
 <tile id="200" type="grass"/>
 <tile id="201" type="path"/>
 <tile id="202" type="grass"/>
 <tile id="203" type="grass"/>
 <tile id="204" type="forest floor"/>
 <tile id="205" type="forest floor"/>
 <tile id="206" type="grass"/>
 <tile id="207" type="grass"/>
 <tile id="208" type="path"/>
 <tile id="209" type="grass"/>
 <tile id="210" type="grass"/>
 <tile id="211" type="forest floor"/>
 <tile id="212" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="213" type="grass"/>
 <tile id="214" type="path"/>
 <tile id="215" type="path"/>
 <tile id="216" type="path"/>
 <tile id="217" type="forest floor"/>
 <tile id="218" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="219" type="grass"/>
 <tile id="220" type="forest floor"/>
 <tile id="221" type="path"/>
 <tile id="222" type="forest floor"/>
 <tile id="223" type="forest floor"/>
 <tile id="224" type="forest floor"/>
 <tile id="225" type="forest floor"/>
 <tile id="226" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="227" type="grass"/>
 <tile id="228" type="forest floor"/>
 <tile id="229" type="path"/>
 <tile id="230" type="path"/>
 <tile id="231" type="forest floor"/>
 <tile id="232" type="grass"/>
 <tile id="233" type="forest floor"/>
 <tile id="234" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="235" type="grass"/>
 <tile id="236" type="cobble"/>
 <tile id="237" type="cobble"/>
 <tile id="238" type="grass"/>
 <tile id="239" type="forest floor"/>
 <tile id="240" type="path"/>
 <tile id="241" type="path"/>
 <tile id="242" type="forest floor"/>
 <tile id="243" type="forest floor"/>
 <tile id="244" type="forest floor"/>
 <tile id="245" type="forest floor"/>
 <tile id="246" type="grass"/>
 <tile id="247" type="cobble"/>
 <tile id="248" type="cobble"/>
 <tile id="249" type="cobble"/>
 <tile id="250" type="cobble"/>
 <tile id="251" type="cobble"/>
 <tile id="252" type="cobble"/>
 <tile id="253" type="path"/>
 <tile id="254" type="grass"/>
 <tile id="255" type="grass"/>
 <tile id="256" type="grass"/>
 <tile id="257" type="grass"/>
 <tile id="258" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="259" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="260" type="grass"/>
 <tile id="261" type="cobble"/>
 <tile id="262" type="cobble"/>
 <tile id="263" type="cobble"/>
 <tile id="264" type="cobble"/>
 <tile id="265" type="cobble"/>
 <tile id="266" type="cobble"/>
 <tile id="267" type="forest floor"/>
 <tile id="268" type="path"/>
 <tile id="269" type="path"/>
 <tile id="270" type="path"/>
 <tile id="271" type="grass"/>
 <tile id="272" type="grass"/>
 <tile id="273" type="cobble"/>
 <tile id="274" type="cobble"/>
 <tile id="275" type="cobble"/>
 <tile id="276" type="cobble"/>
 <tile id="277" type="cobble"/>
 <tile id="278" type="forest floor"/>
 <tile id="279" type="path"/>
 <tile id="280" type="path"/>
 <tile id="281" type="path"/>
 <tile id="282" type="grass"/>
 <tile id="283" type="grass"/>
 <tile id="284" type="grass"/>
 <tile id="285" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="286" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="287" type="grass"/>
 <tile id="288" type="cobble"/>
 <tile id="289" type="cobble"/>
 <tile id="290" type="cobble"/>
 <tile id="291" type="cobble"/>
 <tile id="292" type="path"/>
 <tile id="293" type="path"/>
 <tile id="294" type="grass"/>
 <tile id="295" type="grass"/>
 <tile id="296" type="grass"/>
 <tile id="297" type="grass"/>
 <tile id="298" type="grass"/>
 <tile id="299" type="path"/>
 <tile id="300" type="grass"/>
 <tile id="301" type="grass"/>
 <tile id="302" type="grass"/>
 <tile id="303" type="sand"/>
 <tile id="304" type="grass"/>
 <tile id="305" type="cobble"/>
 <tile id="306" type="cobble"/>
 <tile id="307" type="cobble"/>
 <tile id="308" type="grass"/>
 <tile id="309" type="grass"/>
 <tile id="310" type="grass"/>
 <tile id="311" type="grass"/>
 <tile id="312" type="grass"/>
 <tile id="313" type="water"/>
 <tile id="314" type="sand"/>
 <tile id="315" type="sand"/>
 <tile id="316" type="grass"/>
 <tile id="317" type="grass"/>
 <tile id="318" type="grass"/>
 <tile id="319" type="cobble"/>
 <tile id="320" type="cobble"/>
 <tile id="321" type="cobble"/>
 <tile id="322" type="cobble"/>
 <tile id="323" type="grass"/>
 <tile id="324" type="grass"/>
 <tile id="325" type="grass"/>
 <tile id="326" type="forest floor"/>
 <tile id="327" type="path"/>
 <tile id="328" type="grass"/>
 <tile id="329" type="sand"/>
 <tile id="330" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="331" type="sand"/>
 <tile id="332" type="grass"/>
 <tile id="333" type="grass"/>
 <tile id="334" type="cobble"/>
 <tile id="335" type="grass"/>
 <tile id="336" type="path"/>
 <tile id="337" type="grass"/>
 <tile id="338" type="sand"/>
 <tile id="339" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="340" type="grass"/>
 <tile id="341" type="path"/>
 <tile id="342" type="path"/>
 <tile id="343" type="forest floor"/>
 <tile id="344" type="grass"/>
 <tile id="345" type="sand"/>
 <tile id="346" type="sand"/>
 <tile id="347" type="grass"/>
 <tile id="348" type="grass"/>
 <tile id="349" type="path"/>
 <tile id="350" type="forest floor"/>
 <tile id="351" type="grass"/>
 <tile id="352" type="grass"/>
 <tile id="353" type="sand"/>
 <tile id="354" type="grass"/>
 <tile id="355" type="grass"/>
 <tile id="356" type="grass"/>
 <tile id="357" type="grass"/>
 <tile id="358" type="forest floor"/>
 <tile id="359" type="grass"/>
 <tile id="360" type="grass"/>
 <tile id="361" type="grass"/>
 <tile id="362" type="sand"/>
 <tile id="363" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="364" type="grass"/>
 <tile id="365" type="grass"/>
 <tile id="366" type="forest floor"/>
 <tile id="367" type="forest floor"/>
 <tile id="368" type="grass"/>
 <tile id="369" type="sand"/>
 <tile id="370" type="grass"/>
 <tile id="371" type="grass"/>
 <tile id="372" type="grass"/>
 <tile id="373" type="forest floor"/>
 <tile id="374" type="path"/>
 <tile id="375" type="grass"/>
 <tile id="376" type="grass"/>
 <tile id="377" type="sand"/>
 <tile id="378" type="grass"/>
 <tile id="379" type="forest floor"/>
 <tile id="380" type="grass"/>
 <tile id="381" type="forest floor"/>
 <tile id="382" type="grass"/>
 <tile id="383" type="sand"/>
 <tile id="384" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="385" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="386" type="grass"/>
 <tile id="387" type="grass"/>
 <tile id="388" type="grass"/>
 <tile id="389" type="forest floor"/>
 <tile id="390" type="path"/>
 <tile id="391" type="grass"/>
 <tile id="392" type="grass"/>
 <tile id="393" type="grass"/>
 <tile id="394" type="forest floor"/>
 <tile id="395" type="grass"/>
 <tile id="396" type="sand"/>
 <tile id="397" type="grass"/>
 <tile id="398" type="grass"/>
 <tile id="399" type="grass"/>
 <tile id="400" type="sand"/>
 <tile id="401" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="402" type="grass"/>
 <tile id="403" type="path"/>
 <tile id="404" type="grass"/>
 <tile id="405" type="grass"/>
 <tile id="406" type="grass"/>
 <tile id="407" type="grass"/>
 <tile id="408" type="forest floor"/>
 <tile id="409" type="grass"/>
 <tile id="410" type="grass"/>
 <tile id="411" type="sand"/>
 <tile id="412" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="413" type="grass"/>
 <tile id="414" type="path"/>
 <tile id="415" type="grass"/>
 <tile id="416" type="grass"/>
 <tile id="417" type="forest floor"/>
 <tile id="418" type="grass"/>
 <tile id="419" type="path"/>
 <tile id="420" type="grass"/>
 <tile id="421" type="grass"/>
 <tile id="422" type="grass"/>
 <tile id="423" type="path"/>
 <tile id="424" type="grass"/>
 <tile id="425" type="path"/>
 <tile id="426" type="grass"/>
 <tile id="427" type="path"/>
 <tile id="428" type="forest floor"/>
 <tile id="429" type="forest floor"/>
 <tile id="430" type="path"/>
 <tile id="431" type="grass"/>
 <tile id="432" type="grass"/>
 <tile id="433" type="path"/>
 <tile id="434" type="forest floor"/>
 <tile id="435" type="path"/>
 <tile id="436" type="grass"/>
 <tile id="437" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="438" type="grass"/>
 <tile id="439" type="grass"/>
 <tile id="440" type="path"/>
 <tile id="441" type="grass"/>
 <tile id="442" type="sand"/>
 <tile id="443" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="444" type="sand"/>
 <tile id="445" type="grass"/>
 <tile id="446" type="grass"/>
 <tile id="447" type="forest floor"/>
 <tile id="448" type="forest floor"/>
 <tile id="449" type="path"/>
 <tile id="450" type="sand"/>
 <tile id="451" type="grass"/>
 <tile id="452" type="grass"/>
 <tile id="453" type="grass"/>
 <tile id="454" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="455" type="sand"/>
 <tile id="456" type="grass"/>
 <tile id="457" type="grass"/>
 <tile id="458" type="sand"/>
 <tile id="459" type="grass"/>
 <tile id="460" type="grass"/>
 <tile id="461" type="grass"/>
 <tile id="462" type="grass"/>
 <tile id="463" type="grass"/>
 <tile id="464" type="sand"/>
 <tile id="465" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="466" type="sand"/>
 <tile id="467" type="grass"/>
 <tile id="468" type="grass"/>
 <tile id="469" type="grass"/>
 <tile id="470" type="soil"/>
 <tile id="471" type="soil"/>
 <tile id="472" type="grass"/>
 <tile id="473" type="grass"/>
 <tile id="474" type="path"/>
 <tile id="475" type="grass"/>
 <tile id="476" type="soil"/>
 <tile id="477" type="soil"/>
 <tile id="478" type="grass"/>
 <tile id="479" type="grass"/>
 <tile id="480" type="sand"/>
 <tile id="481" type="grass"/>
 <tile id="482" type="cobble"/>
 <tile id="483" type="cobble"/>
 <tile id="484" type="cobble"/>
 <tile id="485" type="grass"/>
 <tile id="486" type="grass"/>
 <tile id="487" type="grass"/>
 <tile id="488" type="grass"/>
 <tile id="489" type="grass"/>
 <tile id="490" type="grass"/>
 <tile id="491" type="cobble"/>
 <tile id="492" type="cobble"/>
 <tile id="493" type="grass"/>
 <tile id="494" type="sand"/>
 <tile id="495" type="grass"/>
 <tile id="496" type="cobble"/>
 <tile id="497" type="cobble"/>
 <tile id="498" type="sand"/>
 <tile id="499" type="grass"/>
 <tile id="500" type="grass"/>
 <tile id="501" type="forest floor"/>
 <tile id="502" type="forest floor"/>
 <tile id="503" type="forest floor"/>
 <tile id="504" type="grass"/>
 <tile id="505" type="cobble"/>
 <tile id="506" type="cobble"/>
 <tile id="507" type="path"/>
 <tile id="508" type="forest floor"/>
 <tile id="509" type="path"/>
 <tile id="510" type="grass"/>
 <tile id="511" type="path"/>
 <tile id="512" type="cobble"/>
 <tile id="513" type="cobble"/>
 <tile id="514" type="cobble"/>
 <tile id="515" type="cobble"/>
 <tile id="516" type="cobble"/>
 <tile id="517" type="grass"/>
 <tile id="518" type="grass"/>
 <tile id="519" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="520" type="sand"/>
 <tile id="521" type="path"/>
 <tile id="522" type="cobble"/>
 <tile id="523" type="cobble"/>
 <tile id="524" type="cobble"/>
 <tile id="525" type="path"/>
 <tile id="526" type="grass"/>
 <tile id="527" type="sand"/>
 <tile id="528" type="sand"/>
 <tile id="529" type="grass"/>
 <tile id="530" type="grass"/>
 <tile id="531" type="grass"/>
 <tile id="532" type="cobble"/>
 <tile id="533" type="cobble"/>
 <tile id="534" type="sand"/>
 <tile id="535" type="path"/>
 <tile id="536" type="forest floor"/>
 <tile id="537" type="forest floor"/>
 <tile id="538" type="soil"/>
 <tile id="539" type="grass"/>
 <tile id="540" type="grass"/>
 <tile id="541" type="cobble"/>
 <tile id="542" type="cobble"/>
 <tile id="543" type="grass"/>
 <tile id="544" type="soil"/>
 <tile id="545" type="grass"/>
 <tile id="546" type="cobble"/>
 <tile id="547" type="cobble"/>
 <tile id="548" type="sand"/>
 <tile id="549" type="grass"/>
 <tile id="550" type="grass"/>
 <tile id="551" type="grass"/>
 <tile id="552" type="cobble"/>
 <tile id="553" type="cobble"/>
 <tile id="554" type="sand"/>
 <tile id="555" type="sand"/>
 <tile id="556" type="path"/>
 <tile id="557" type="cobble"/>
 <tile id="558" type="cobble"/>
 <tile id="559" type="path"/>
 <tile id="560" type="water"/>
 <tile id="561" type="path"/>
 <tile id="562" type="forest floor"/>
 <tile id="563" type="forest floor"/>
 <tile id="564" type="cobble"/>
 <tile id="565" type="cobble"/>
 <tile id="566" type="path"/>
 <tile id="567" type="water"/>
 <tile id="568" type="path"/>
 <tile id="569" type="grass"/>
 <tile id="570" type="cobble"/>
 <tile id="571" type="cobble"/>
 <tile id="572" type="sand"/>
 <tile id="573" type="sand"/>
 <tile id="574" type="path"/>
 <tile id="575" type="forest floor"/>
 <tile id="576" type="forest floor"/>
 <tile id="577" type="path"/>
 <tile id="578" type="cobble"/>
 <tile id="579" type="cobble"/>
 <tile id="580" type="cobble"/>
 <tile id="581" type="cobble"/>
 <tile id="582" type="forest floor"/>
 <tile id="583" type="sand"/>
 <tile id="584" type="path"/>
 <tile id="585" type="grass"/>
 <tile id="586" type="cobble"/>
 <tile id="587" type="cobble"/>
 <tile id="588" type="grass"/>
 <tile id="589" type="grass"/>
 <tile id="590" type="grass"/>
 <tile id="591" type="sand"/>
 <tile id="592" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="593" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="594" type="sand"/>
 <tile id="595" type="soil"/>
 <tile id="596" type="cobble"/>
 <tile id="597" type="grass"/>
 <tile id="598" type="grass"/>
 <tile id="599" type="grass"/>
 <tile id="600" type="soil"/>
 <tile id="601" type="soil"/>
 <tile id="602" type="sand"/>
 <tile id="603" type="sand"/>
 <tile id="604" type="grass"/>
 <tile id="605" type="grass"/>
 <tile id="606" type="path"/>
 <tile id="607" type="cobble"/>
 <tile id="608" type="cobble"/>
 <tile id="609" type="cobble"/>
 <tile id="610" type="grass"/>
 <tile id="611" type="grass"/>
 <tile id="612" type="soil"/>
 <tile id="613" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="614" type="sand"/>
 <tile id="615" type="sand"/>
 <tile id="616" type="forest floor"/>
 <tile id="617" type="grass"/>
 <tile id="618" type="cobble"/>
 <tile id="619" type="cobble"/>
 <tile id="620" type="cobble"/>
 <tile id="621" type="cobble"/>
 <tile id="622" type="cobble"/>
 <tile id="623" type="cobble"/>
 <tile id="624" type="cobble"/>
 <tile id="625" type="path"/>
 <tile id="626" type="grass"/>
 <tile id="627" type="grass"/>
 <tile id="628" type="sand"/>
 <tile id="629" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="630" type="sand"/>
 <tile id="631" type="grass"/>
 <tile id="632" type="grass"/>
 <tile id="633" type="grass"/>
 <tile id="634" type="sand"/>
 <tile id="635" type="sand"/>
 <tile id="636" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="637" type="sand"/>
 <tile id="638" type="grass"/>
 <tile id="639" type="grass"/>
 <tile id="640" type="sand"/>
 <tile id="641" type="path"/>
 <tile id="642" type="path"/>
 <tile id="643" type="grass"/>
 <tile id="644" type="grass"/>
 <tile id="645" type="grass"/>
 <tile id="646" type="grass"/>
 <tile id="647" type="grass"/>
 <tile id="648" type="water"/>
 <tile id="649" type="path"/>
 <tile id="650" type="water"/>
 <tile id="651" type="sand"/>
 <tile id="652" type="grass"/>
 <tile id="653" type="grass"/>
 <tile id="654" type="sand"/>
 <tile id="655" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="656" type="grass"/>
 <tile id="657" type="sand"/>
 <tile id="658" type="sand"/>
 <tile id="659" type="sand"/>
 <tile id="660" type="sand"/>
 <tile id="661" type="grass"/>
 <tile id="662" type="grass"/>
 <tile id="663" type="sand"/>
 <tile id="664" type="sand"/>
 <tile id="665" type="water"/>
 <tile id="666" type="forest floor"/>
 <tile id="667" type="grass"/>
 <tile id="668" type="grass"/>
 <tile id="669" type="grass"/>
 <tile id="670" type="sand"/>
 <tile id="671" type="sand"/>
 <tile id="672" type="sand"/>
 <tile id="673" type="water"/>
 <tile id="674" type="sand"/>
 <tile id="675" type="water"/>
 <tile id="676" type="sand"/>
 <tile id="677" type="grass"/>
 <tile id="678" type="grass"/>
 <tile id="679" type="sand"/>
 <tile id="680" type="sand"/>
 <tile id="681" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="682" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="683" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="684" type="grass"/>
 <tile id="685" type="grass"/>
 <tile id="686" type="grass"/>
 <tile id="687" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="688" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="689" type="sand"/>
 <tile id="690" type="sand"/>
 <tile id="691" type="sand"/>
 <tile id="692" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="693" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="694" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="695" type="water"/>
 <tile id="696" type="grass"/>
 <tile id="697" type="grass"/>
 <tile id="698" type="grass"/>
 <tile id="699" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="700" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="701" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="702" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="703" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="704" type="sand"/>
 <tile id="705" type="sand"/>
 <tile id="706" type="sand"/>
 <tile id="707" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="708" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="709" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="710" type="forest floor"/>
 <tile id="711" type="grass"/>
 <tile id="712" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="713" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="714" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="715" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="716" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="717" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="718" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="719" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="720" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="721" type="forest floor"/>
 <tile id="722" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="723" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="724" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="725" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="726" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="727" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="728" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="729" type="forest floor"/>
 <tile id="730" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="731" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="732" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="733" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="734" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="735" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="736" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="737" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="738" type="grass"/>
 <tile id="739" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="740" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="741" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="742" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="743" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="744" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="745" type="grass"/>
 <tile id="746" type="forest floor"/>
 <tile id="747" type="soil"/>
 <tile id="748" type="soil"/>
 <tile id="749" type="soil"/>
 <tile id="750" type="grass"/>
 <tile id="751" type="grass"/>
 <tile id="752" type="water"/>
 <tile id="753" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="754" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="755" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="756" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="757" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="758" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="759" type="water"/>
 <tile id="760" type="sand"/>
 <tile id="761" type="forest floor"/>
 <tile id="762" type="forest floor"/>
 <tile id="763" type="soil"/>
 <tile id="764" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="765" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="766" type="forest floor"/>
 <tile id="767" type="soil"/>
 <tile id="768" type="forest floor"/>
 <tile id="769" type="soil"/>
 <tile id="770" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="771" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="772" type="grass"/>
 <tile id="773" type="sand"/>
 <tile id="774" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="775" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="776" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="777" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="778" type="grass"/>
 <tile id="779" type="grass"/>
 <tile id="780" type="forest floor"/>
 <tile id="781" type="soil"/>
 <tile id="782" type="grass"/>
 <tile id="783" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="784" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="785" type="sand"/>
 <tile id="786" type="forest floor"/>
 <tile id="787" type="path"/>
 <tile id="788" type="sand"/>
 <tile id="789" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="790" type="grass"/>
 <tile id="791" type="forest floor"/>
 <tile id="792" type="path"/>
 <tile id="793" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="794" type="forest floor"/>
 <tile id="795" type="soil"/>
 <tile id="796" type="path"/>
 <tile id="797" type="path"/>
 <tile id="798" type="path"/>
 <tile id="799" type="path"/>
 <tile id="800" type="sand"/>
 <tile id="801" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="802" type="forest floor"/>
 <tile id="803" type="soil"/>
 <tile id="804" type="sand"/>
 <tile id="805" type="sand"/>
 <tile id="806" type="sand"/>
 <tile id="807" type="sand"/>
 <tile id="808" type="grass"/>
 <tile id="809" type="grass"/>
 <tile id="810" type="sand"/>
 <tile id="811" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="812" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="813" type="sand"/>
 <tile id="814" type="forest floor"/>
 <tile id="815" type="sand"/>
 <tile id="816" type="forest floor"/>
 <tile id="817" type="sand"/>
 <tile id="818" type="sand"/>
 <tile id="819" type="forest floor"/>
 <tile id="820" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="821" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="822" type="grass"/>
 <tile id="823" type="grass"/>
 <tile id="824" type="grass"/>
 <tile id="825" type="grass"/>
 <tile id="826" type="sand"/>
 <tile id="827" type="forest floor"/>
 <tile id="828" type="sand"/>
 <tile id="829" type="sand"/>
 <tile id="830" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="831" type="grass"/>
 <tile id="832" type="grass"/>
 <tile id="833" type="water"/>
 <tile id="834" type="water"/>
 <tile id="835" type="grass"/>
 <tile id="836" type="water"/>
 <tile id="837" type="water"/>
 <tile id="838" type="sand"/>
 <tile id="839" type="sand"/>
 <tile id="840" type="forest floor"/>
 <tile id="841" type="grass"/>
 <tile id="842" type="grass"/>
 <tile id="843" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="844" type="forest floor"/>
 <tile id="845" type="forest floor"/>
 <tile id="846" type="forest floor"/>
 <tile id="847" type="forest floor"/>
 <tile id="848" type="sand"/>
 <tile id="849" type="forest floor"/>
 <tile id="850" type="forest floor"/>
 <tile id="851" type="sand"/>
 <tile id="852" type="forest floor"/>
 <tile id="853" type="forest floor"/>
 <tile id="854" type="forest floor"/>
 <tile id="855" type="forest floor"/>
 <tile id="856" type="forest floor"/>
 <tile id="857" type="forest floor"/>
 <tile id="858" type="forest floor"/>
 <tile id="859" type="sand"/>
 <tile id="860" type="grass"/>
 <tile id="861" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="862" type="grass"/>
 <tile id="863" type="water"/>
 <tile id="864" type="path"/>
 <tile id="865" type="forest floor"/>
 <tile id="866" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="867" type="water"/>
 <tile id="868" type="forest floor"/>
 <tile id="869" type="forest floor"/>
 <tile id="870" type="forest floor"/>
 <tile id="871" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="872" type="forest floor"/>
 <tile id="873" type="forest floor"/>
 <tile id="874" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="875" type="forest floor"/>
 <tile id="876" type="meadow"/>
 <tile id="877" type="bush">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="878" type="meadow"/>
 <tile id="879" type="meadow"/>
 <tile id="880" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="881" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="882" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="883" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="884" type="bush">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="885" type="meadow"/>
 <tile id="886" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="887" type="meadow"/>
 <tile id="888" type="meadow"/>
 <tile id="889" type="meadow"/>
 <tile id="890" type="meadow"/>
 <tile id="891" type="meadow"/>
 <tile id="892" type="meadow"/>
 <tile id="893" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="894" type="meadow"/>
 <tile id="895" type="meadow"/>
 <tile id="896" type="meadow"/>
 <tile id="897" type="meadow"/>
 <tile id="898" type="meadow"/>
 <tile id="899" type="bush">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="900" type="meadow"/>
 <tile id="901" type="meadow"/>
 <tile id="902" type="bush">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="903" type="meadow"/>
 <tile id="904" type="meadow"/>
 <tile id="905" type="meadow"/>
 <tile id="906" type="meadow"/>
 <tile id="907" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="908" type="meadow"/>
 <tile id="909" type="stump">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="910" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="911" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="912" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="913" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="914" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="915" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="916" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="917" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="918" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="919" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="920" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="921" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="922" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="923" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="924" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="925" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="926" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="927" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="928" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="929" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="930" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="931" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="932" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="933" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="934" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="935" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="936" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="937" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="938" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="939" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="940" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="941" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="942" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="943" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="944" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="945" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="946" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="947" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="948" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="949" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="950" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="951" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="952" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="953" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="954" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="955" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="956" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="957" type="shade"/>
 <tile id="958" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="959" type="shade"/>
 <tile id="960" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="961" type="meadow"/>
 <tile id="962" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="963" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="964" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="965" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="966" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="967" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="968" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="969" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="970" type="pillar">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="971" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="972" type="meadow"/>
 <tile id="973" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="974" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="975" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="976" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="977" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="978" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="979" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="980" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="981" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="982" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="983" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="984" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="985" type="crate">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="986" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="987" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="988" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="989" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="990" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="991" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="992" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="993" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="994" type="meadow"/>
 <tile id="995" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="996" type="camp fire">
  <properties>
   <property name="damage" type="int" value="10"/>
  </properties>
 </tile>
 <tile id="997" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="998" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="999" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1000" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1001" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1002" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1003" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1004" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1005" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1006" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1007" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1008" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1009" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1010" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1011" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1012" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1013" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1014" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1015" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1016" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1017" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1018" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1019" type="shade"/>
 <tile id="1020" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1021" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1022" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1023" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1024" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1025" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1026" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1027" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1028" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1029" type="stairs"/>
 <tile id="1030" type="stairs"/>
 <tile id="1031" type="stairs"/>
 <tile id="1032" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1033" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1034" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1035" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1036" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1037" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1038" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1039" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1040" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1041" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1042" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1043" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1044" type="stairs"/>
 <tile id="1045" type="stairs"/>
 <tile id="1046" type="stairs"/>
 <tile id="1047" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1048" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1049" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1050" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1051" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1052" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1053" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1054" type="meadow"/>
 <tile id="1055" type="meadow"/>
 <tile id="1056" type="shade"/>
 <tile id="1057" type="shade"/>
 <tile id="1058" type="shade"/>
 <tile id="1059" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1060" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1061" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1062" type="reeds">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1063" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1064" type="shade"/>
 <tile id="1065" type="signpost">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1066" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1067" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1068" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1069" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1070" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1071" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1072" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1073" type="bed">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1074" type="floor"/>
 <tile id="1075" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1076" type="floor"/>
 <tile id="1077" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1078" type="floor"/>
 <tile id="1079" type="hearth">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1080" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1081" type="shade"/>
 <tile id="1082" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1083" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1084" type="floor"/>
 <tile id="1085" type="floor"/>
 <tile id="1086" type="floor"/>
 <tile id="1087" type="floor"/>
 <tile id="1088" type="floor"/>
 <tile id="1089" type="floor"/>
 <tile id="1090" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1091" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1092" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1093" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1094" type="bed">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1095" type="floor"/>
 <tile id="1096" type="hearth">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1097" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1098" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1099" type="floor"/>
 <tile id="1100" type="floor"/>
 <tile id="1101" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1102" type="floor"/>
 <tile id="1103" type="floor"/>
 <tile id="1104" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1105" type="barrel">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1106" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1107" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1108" type="crops"/>
 <tile id="1109" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1110" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1111" type="floor"/>
 <tile id="1112" type="floor"/>
 <tile id="1113" type="floor"/>
 <tile id="1114" type="floor"/>
 <tile id="1115" type="floor"/>
 <tile id="1116" type="floor"/>
 <tile id="1117" type="floor"/>
 <tile id="1118" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1119" type="shade"/>
 <tile id="1120" type="crops"/>
 <tile id="1121" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1122" type="floor"/>
 <tile id="1123" type="floor"/>
 <tile id="1124" type="floor"/>
 <tile id="1125" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1126" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1127" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1128" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1129" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1130" type="doorway"/>
 <tile id="1131" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1132" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1133" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1134" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1135" type="shade"/>
 <tile id="1136" type="floor"/>
 <tile id="1137" type="floor"/>
 <tile id="1138" type="floor"/>
 <tile id="1139" type="meadow"/>
 <tile id="1140" type="reeds">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1141" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1142" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1143" type="doorway"/>
 <tile id="1144" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1145" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1146" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1147" type="barrel">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1148" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1149" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1150" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1151" type="doorway"/>
 <tile id="1152" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1153" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1154" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1155" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1156" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1157" type="shade"/>
 <tile id="1158" type="shade"/>
 <tile id="1159" type="notice board">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1160" type="notice board">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1161" type="statue">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1162" type="lamp">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1163" type="crops"/>
 <tile id="1164" type="shade"/>
 <tile id="1165" type="shade"/>
 <tile id="1166" type="shade"/>
 <tile id="1167" type="shade"/>
 <tile id="1168" type="shade"/>
 <tile id="1169" type="shade"/>
 <tile id="1170" type="floor"/>
 <tile id="1171" type="floor"/>
 <tile id="1172" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1173" type="meadow"/>
 <tile id="1174" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1175" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1176" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1177" type="shade"/>
 <tile id="1178" type="well">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1179" type="well">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1180" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1181" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1182" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1183" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1184" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1185" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1186" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1187" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1188" type="barrel">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1189" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1190" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1191" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1192" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1193" type="doorway"/>
 <tile id="1194" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1195" type="well">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1196" type="well">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1197" type="bridge"/>
 <tile id="1198" type="bridge"/>
 <tile id="1199" type="bridge"/>
 <tile id="1200" type="bridge"/>
 <tile id="1201" type="bridge"/>
 <tile id="1202" type="bridge"/>
 <tile id="1203" type="bridge"/>
 <tile id="1204" type="bridge"/>
 <tile id="1205" type="bridge"/>
 <tile id="1206" type="bridge"/>
 <tile id="1207" type="shade"/>
 <tile id="1208" type="shade"/>
 <tile id="1209" type="bridge"/>
 <tile id="1210" type="bridge"/>
 <tile id="1211" type="bridge"/>
 <tile id="1212" type="bridge"/>
 <tile id="1213" type="bridge"/>
 <tile id="1214" type="bridge"/>
 <tile id="1215" type="bridge"/>
 <tile id="1216" type="bridge"/>
 <tile id="1217" type="bridge"/>
 <tile id="1218" type="bridge"/>
 <tile id="1219" type="signpost">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1220" type="shade"/>
 <tile id="1221" type="shade"/>
 <tile id="1222" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1223" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1224" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1225" type="shade"/>
 <tile id="1226" type="shade"/>
 <tile id="1227" type="shade"/>
 <tile id="1228" type="shade"/>
 <tile id="1229" type="shade"/>
 <tile id="1230" type="shade"/>
 <tile id="1231" type="shade"/>
 <tile id="1232" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1233" type="meadow"/>
 <tile id="1234" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1235" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1236" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1237" type="meadow"/>
 <tile id="1238" type="meadow"/>
 <tile id="1239" type="bush">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1240" type="reeds">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1241" type="bench">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1242" type="bench">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1243" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1244" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1245" type="hearth">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1246" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1247" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1248" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1249" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1250" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1251" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1252" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1253" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1254" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1255" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1256" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1257" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1258" type="pier"/>
 <tile id="1259" type="pier"/>
 <tile id="1260" type="floor"/>
 <tile id="1261" type="floor"/>
 <tile id="1262" type="floor"/>
 <tile id="1263" type="floor"/>
 <tile id="1264" type="pier"/>
 <tile id="1265" type="pier"/>
 <tile id="1266" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1267" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1268" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1269" type="doorway"/>
 <tile id="1270" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1271" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1272" type="pier"/>
 <tile id="1273" type="pier"/>
 <tile id="1274" type="pier"/>
 <tile id="1275" type="pier"/>
 <tile id="1276" type="reeds">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1277" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1278" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1279" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1280" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1281" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1282" type="pier"/>
 <tile id="1283" type="pier"/>
 <tile id="1284" type="pier"/>
 <tile id="1285" type="pier"/>
 <tile id="1286" type="pier"/>
 <tile id="1287" type="pier"/>
 <tile id="1288" type="pier"/>
 <tile id="1289" type="pier"/>
 <tile id="1290" type="pier"/>
 <tile id="1291" type="pier"/>
 <tile id="1292" type="pier"/>
 <tile id="1293" type="pier"/>
 <tile id="1294" type="pier"/>
 <tile id="1295" type="pier"/>
 <tile id="1296" type="meadow"/>
 <tile id="1297" type="meadow"/>
 <tile id="1298" type="meadow"/>
 <tile id="1299" type="pier"/>
 <tile id="1300" type="pier"/>
 <tile id="1301" type="pier"/>
 <tile id="1302" type="pier"/>
 <tile id="1303" type="pier"/>
 <tile id="1304" type="pier"/>
 <tile id="1305" type="pier"/>
 <tile id="1306" type="pier"/>
 <tile id="1307" type="pier"/>
 <tile id="1308" type="pier"/>
 <tile id="1309" type="scarecrow">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1310" type="meadow"/>
 <tile id="1311" type="pier"/>
 <tile id="1312" type="pier"/>
 <tile id="1313" type="pier"/>
 <tile id="1314" type="pier"/>
 <tile id="1315" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1316" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1317" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1318" type="pier"/>
 <tile id="1319" type="pier"/>
 <tile id="1320" type="shade"/>
 <tile id="1321" type="shade"/>
 <tile id="1322" type="crops"/>
 <tile id="1323" type="pier"/>
 <tile id="1324" type="pier"/>
 <tile id="1325" type="pier"/>
 <tile id="1326" type="pier"/>
 <tile id="1327" type="pier"/>
 <tile id="1328" type="pier"/>
 <tile id="1329" type="pier"/>
 <tile id="1330" type="pier"/>
 <tile id="1331" type="pier"/>
 <tile id="1332" type="pier"/>
 <tile id="1333" type="meadow"/>
 <tile id="1334" type="shade"/>
 <tile id="1335" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1336" type="hay bale">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1337" type="shade"/>
 <tile id="1338" type="crops"/>
 <tile id="1339" type="hay bale">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1340" type="shade"/>
 <tile id="1341" type="meadow"/>
 <tile id="1342" type="bush">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1343" type="meadow"/>
 <tile id="1344" type="meadow"/>
 <tile id="1345" type="crops"/>
 <tile id="1346" type="canopy"/>
 <tile id="1347" type="canopy"/>
 <tile id="1348" type="canopy"/>
 <tile id="1349" type="canopy"/>
 <tile id="1350" type="canopy"/>
 <tile id="1351" type="canopy"/>
 <tile id="1352" type="canopy"/>
 <tile id="1353" type="canopy"/>
 <tile id="1354" type="canopy"/>
 <tile id="1355" type="canopy"/>
 <tile id="1356" type="canopy"/>
 <tile id="1357" type="canopy"/>
 <tile id="1358" type="canopy"/>
 <tile id="1359" type="canopy"/>
 <tile id="1360" type="canopy"/>
 <tile id="1361" type="canopy"/>
 <tile id="1362" type="canopy"/>
 <tile id="1363" type="canopy"/>
 <tile id="1364" type="canopy"/>
 <tile id="1365" type="canopy"/>
 <tile id="1366" type="canopy"/>
 <tile id="1367" type="canopy"/>
 <tile id="1368" type="canopy"/>
 <tile id="1369" type="canopy"/>
 <tile id="1370" type="canopy"/>
 <tile id="1371" type="canopy"/>
 <tile id="1372" type="canopy"/>
 <tile id="1373" type="canopy"/>
 <tile id="1374" type="canopy"/>
 <tile id="1375" type="canopy"/>
 <tile id="1376" type="canopy"/>
 <tile id="1377" type="canopy"/>
 <tile id="1378" type="canopy"/>
 <tile id="1379" type="canopy"/>
 <tile id="1380" type="canopy"/>
 <tile id="1381" type="canopy"/>
 <tile id="1382" type="canopy"/>
 <tile id="1383" type="canopy"/>
 <tile id="1384" type="canopy"/>
 <tile id="1385" type="canopy"/>
 <tile id="1386" type="canopy"/>
 <tile id="1387" type="canopy"/>
 <tile id="1388" type="canopy"/>
 <tile id="1389" type="canopy"/>
 <tile id="1390" type="canopy"/>
 <tile id="1391" type="canopy"/>
 <tile id="1392" type="canopy"/>
 <tile id="1393" type="canopy"/>
 <tile id="1394" type="canopy"/>
 <tile id="1395" type="canopy"/>
 <tile id="1396" type="canopy"/>
 <tile id="1397" type="canopy"/>
 <tile id="1398" type="canopy"/>
 <tile id="1399" type="canopy"/>
 <tile id="1400" type="canopy"/>
 <tile id="1401" type="canopy"/>
 <tile id="1402" type="canopy"/>
 <tile id="1403" type="canopy"/>
 <tile id="1404" type="canopy"/>
 <tile id="1405" type="canopy"/>
 <tile id="1406" type="canopy"/>
 <tile id="1407" type="canopy"/>
 <tile id="1408" type="canopy"/>
 <tile id="1409" type="canopy"/>
 <tile id="1410" type="canopy"/>
 <tile id="1411" type="canopy"/>
 <tile id="1412" type="canopy"/>
 <tile id="1413" type="canopy"/>
 <tile id="1414" type="canopy"/>
 <tile id="1415" type="canopy"/>
 <tile id="1416" type="canopy"/>
 <tile id="1417" type="canopy"/>
 <tile id="1418" type="canopy"/>
 <tile id="1419" type="canopy"/>
 <tile id="1420" type="canopy"/>
 <tile id="1421" type="canopy"/>
 <tile id="1422" type="canopy"/>
 <tile id="1423" type="canopy"/>
 <tile id="1424" type="canopy"/>
 <tile id="1425" type="canopy"/>
 <tile id="1426" type="canopy"/>
 <tile id="1427" type="canopy"/>
 <tile id="1428" type="canopy"/>
 <tile id="1429" type="canopy"/>
 <tile id="1430" type="canopy"/>
 <tile id="1431" type="canopy"/>
 <tile id="1432" type="canopy"/>
 <tile id="1433" type="canopy"/>
 <tile id="1434" type="canopy"/>
 <tile id="1435" type="canopy"/>
 <tile id="1436" type="canopy"/>
 <tile id="1437" type="canopy"/>
 <tile id="1438" type="canopy"/>
 <tile id="1439" type="canopy"/>
 <tile id="1440" type="canopy"/>
 <tile id="1441" type="canopy"/>
 <tile id="1442" type="canopy"/>
 <tile id="1443" type="canopy"/>
 <tile id="1444" type="canopy"/>
 <tile id="1445" type="canopy"/>
 <tile id="1446" type="canopy"/>
 <tile id="1447" type="canopy"/>
 <tile id="1448" type="canopy"/>
 <tile id="1449" type="canopy"/>
 <tile id="1450" type="canopy"/>
 <tile id="1451" type="canopy"/>
 <tile id="1452" type="canopy"/>
 <tile id="1453" type="canopy"/>
 <tile id="1454" type="canopy"/>
 <tile id="1455" type="canopy"/>
 <tile id="1456" type="canopy"/>
 <tile id="1457" type="canopy"/>
 <tile id="1458" type="canopy"/>
 <tile id="1459" type="canopy"/>
 <tile id="1460" type="canopy"/>
 <tile id="1461" type="canopy"/>
 <tile id="1462" type="canopy"/>
 <tile id="1463" type="canopy"/>
 <tile id="1464" type="canopy"/>
 <tile id="1465" type="canopy"/>
 <tile id="1466" type="canopy"/>
 <tile id="1467" type="canopy"/>
 <tile id="1468" type="canopy"/>
 <tile id="1469" type="canopy"/>
 <tile id="1470" type="canopy"/>
 <tile id="1471" type="canopy"/>
 <tile id="1472" type="canopy"/>
 <tile id="1473" type="canopy"/>
 <tile id="1474" type="canopy"/>
 <tile id="1475" type="canopy"/>
 <tile id="1476" type="canopy"/>
 <tile id="1477" type="canopy"/>
 <tile id="1478" type="canopy"/>
 <tile id="1479" type="canopy"/>
 <tile id="1480" type="canopy"/>
 <tile id="1481" type="canopy"/>
 <tile id="1482" type="canopy"/>
 <tile id="1483" type="canopy"/>
 <tile id="1484" type="canopy"/>
 <tile id="1485" type="canopy"/>
 <tile id="1486" type="canopy"/>
 <tile id="1487" type="canopy"/>
 <tile id="1488" type="canopy"/>
 <tile id="1489" type="canopy"/>
 <tile id="1490" type="canopy"/>
 <tile id="1491" type="canopy"/>
 <tile id="1492" type="canopy"/>
 <tile id="1493" type="canopy"/>
 <tile id="1494" type="canopy"/>
 <tile id="1495" type="canopy"/>
 <tile id="1496" type="canopy"/>
 <tile id="1497" type="canopy"/>
 <tile id="1498" type="canopy"/>
 <tile id="1499" type="canopy"/>
 <tile id="1500" type="canopy"/>
 <tile id="1501" type="canopy"/>
 <tile id="1502" type="canopy"/>
 <tile id="1503" type="canopy"/>
 <tile id="1504" type="canopy"/>
 <tile id="1505" type="canopy"/>
 <tile id="1506" type="canopy"/>
 <tile id="1507" type="canopy"/>
 <tile id="1508" type="canopy"/>
 <tile id="1509" type="canopy"/>
 <tile id="1510" type="canopy"/>
 <tile id="1511" type="canopy"/>
 <tile id="1512" type="canopy"/>
 <tile id="1513" type="canopy"/>
 <tile id="1514" type="canopy"/>
 <tile id="1515" type="canopy"/>
 <tile id="1516" type="canopy"/>
 <tile id="1517" type="canopy"/>
 <tile id="1518" type="canopy"/>
 <tile id="1519" type="canopy"/>
 <tile id="1520" type="canopy"/>
 <tile id="1521" type="canopy"/>
 <tile id="1522" type="canopy"/>
 <tile id="1523" type="canopy"/>
 <tile id="1524" type="canopy"/>
 <tile id="1525" type="canopy"/>
 <tile id="1526" type="canopy"/>
 <tile id="1527" type="canopy"/>
 <tile id="1528" type="canopy"/>
 <tile id="1529" type="canopy"/>
 <tile id="1530" type="canopy"/>
 <tile id="1531" type="canopy"/>
 <tile id="1532" type="canopy"/>
 <tile id="1533" type="canopy"/>
 <tile id="1534" type="canopy"/>
 <tile id="1535" type="canopy"/>
 <tile id="1536" type="canopy"/>
 <tile id="1537" type="canopy"/>
 <tile id="1538" type="canopy"/>
 <tile id="1539" type="canopy"/>
 <tile id="1540" type="canopy"/>
 <tile id="1541" type="canopy"/>
 <tile id="1542" type="canopy"/>
 <tile id="1543" type="canopy"/>
 <tile id="1544" type="canopy"/>
 <tile id="1545" type="canopy"/>
 <tile id="1546" type="canopy"/>
 <tile id="1547" type="canopy"/>
 <tile id="1548" type="canopy"/>
 <tile id="1549" type="canopy"/>
 <tile id="1550" type="canopy"/>
 <tile id="1551" type="canopy"/>
 <tile id="1552" type="canopy"/>
 <tile id="1553" type="canopy"/>
 <tile id="1554" type="canopy"/>
 <tile id="1555" type="canopy"/>
 <tile id="1556" type="canopy"/>
 <tile id="1557" type="canopy"/>
 <tile id="1558" type="canopy"/>
 <tile id="1559" type="canopy"/>
 <tile id="1560" type="canopy"/>
 <tile id="1561" type="canopy"/>
 <tile id="1562" type="canopy"/>
 <tile id="1563" type="canopy"/>
 <tile id="1564" type="canopy"/>
 <tile id="1565" type="canopy"/>
 <tile id="1566" type="canopy"/>
 <tile id="1567" type="canopy"/>
 <tile id="1568" type="canopy"/>
 <tile id="1569" type="canopy"/>
 <tile id="1570" type="canopy"/>
 <tile id="1571" type="canopy"/>
 <tile id="1572" type="canopy"/>
 <tile id="1573" type="canopy"/>
 <tile id="1574" type="canopy"/>
 <tile id="1575" type="canopy"/>
 <tile id="1576" type="canopy"/>
 <tile id="1577" type="canopy"/>
 <tile id="1578" type="canopy"/>
 <tile id="1579" type="canopy"/>
 <tile id="1580" type="canopy"/>
 <tile id="1581" type="canopy"/>
 <tile id="1582" type="canopy"/>
 <tile id="1583" type="canopy"/>
 <tile id="1584" type="canopy"/>
 <tile id="1585" type="canopy"/>
 <tile id="1586" type="canopy"/>
 <tile id="1587" type="canopy"/>
 <tile id="1588" type="canopy"/>
 <tile id="1589" type="canopy"/>
 <tile id="1590" type="canopy"/>
 <tile id="1591" type="canopy"/>
 <tile id="1592" type="canopy"/>
 <tile id="1593" type="canopy"/>
 <tile id="1594" type="canopy"/>
 <tile id="1595" type="canopy"/>
 <tile id="1596" type="canopy"/>
 <tile id="1597" type="canopy"/>
 <tile id="1598" type="canopy"/>
 <tile id="1599" type="canopy"/>
 <tile id="1600" type="canopy"/>
 <tile id="1601" type="canopy"/>
 <tile id="1602" type="canopy"/>
 <tile id="1603" type="canopy"/>
 <tile id="1604" type="canopy"/>
 <tile id="1605" type="canopy"/>
 <tile id="1606" type="canopy"/>
 <tile id="1607" type="canopy"/>
 <tile id="1608" type="canopy"/>
 <tile id="1609" type="canopy"/>
 <tile id="1610" type="canopy"/>
 <tile id="1611" type="canopy"/>
 <tile id="1612" type="canopy"/>
 <tile id="1613" type="canopy"/>
 <tile id="1614" type="canopy"/>
 <tile id="1615" type="canopy"/>
 <tile id="1616" type="canopy"/>
 <tile id="1617" type="canopy"/>
 <tile id="1618" type="canopy"/>
 <tile id="1619" type="canopy"/>
 <tile id="1620" type="canopy"/>
 <tile id="1621" type="canopy"/>
 <tile id="1622" type="canopy"/>
 <tile id="1623" type="canopy"/>
 <tile id="1624" type="canopy"/>
 <tile id="1625" type="canopy"/>
 <tile id="1626" type="canopy"/>
 <tile id="1627" type="canopy"/>
 <tile id="1628" type="canopy"/>
 <tile id="1629" type="canopy"/>
 <tile id="1630" type="canopy"/>
 <tile id="1631" type="canopy"/>
 <tile id="1632" type="canopy"/>
 <tile id="1633" type="canopy"/>
 <tile id="1634" type="canopy"/>
 <tile id="1635" type="canopy"/>
 <tile id="1636" type="canopy"/>
 <tile id="1637" type="canopy"/>
 <tile id="1638" type="canopy"/>
 <tile id="1639" type="canopy"/>
 <tile id="1640" type="canopy"/>
 <tile id="1641" type="canopy"/>
 <tile id="1642" type="canopy"/>
 <tile id="1643" type="canopy"/>
 <tile id="1644" type="canopy"/>
 <tile id="1645" type="canopy"/>
 <tile id="1646" type="canopy"/>
 <tile id="1647" type="canopy"/>
 <tile id="1648" type="canopy"/>
 <tile id="1649" type="canopy"/>
 <tile id="1650" type="canopy"/>
 <tile id="1651" type="canopy"/>
 <tile id="1652" type="canopy"/>
 <tile id="1653" type="canopy"/>
 <tile id="1654" type="canopy"/>
 <tile id="1655" type="canopy"/>
 <tile id="1656" type="canopy"/>
 <tile id="1657" type="canopy"/>
 <tile id="1658" type="canopy"/>
 <tile id="1659" type="canopy"/>
 <tile id="1660" type="canopy"/>
 <tile id="1661" type="canopy"/>
 <tile id="1662" type="canopy"/>
 <tile id="1663" type="canopy"/>
 <tile id="1664" type="canopy"/>
 <tile id="1665" type="canopy"/>
 <tile id="1666" type="canopy"/>
 <tile id="1667" type="canopy"/>
 <tile id="1668" type="canopy"/>
 <tile id="1669" type="canopy"/>
 <tile id="1670" type="canopy"/>
 <tile id="1671" type="canopy"/>
 <tile id="1672" type="canopy"/>
 <tile id="1673" type="canopy"/>
 <tile id="1674" type="canopy"/>
 <tile id="1675" type="canopy"/>
 <tile id="1676" type="canopy"/>
 <tile id="1677" type="canopy"/>
 <tile id="1678" type="canopy"/>
 <tile id="1679" type="canopy"/>
 <tile id="1680" type="canopy"/>
 <tile id="1681" type="canopy"/>
 <tile id="1682" type="canopy"/>
 <tile id="1683" type="canopy"/>
 <tile id="1684" type="canopy"/>
 <tile id="1685" type="canopy"/>
 <tile id="1686" type="canopy"/>
 <tile id="1687" type="canopy"/>
 <tile id="1688" type="canopy"/>
 <tile id="1689" type="canopy"/>
 <tile id="1690" type="canopy"/>
 <tile id="1691" type="canopy"/>
 <tile id="1692" type="canopy"/>
 <tile id="1693" type="canopy"/>
 <tile id="1694" type="canopy"/>
 <tile id="1695" type="canopy"/>
 <tile id="1696" type="canopy"/>
 <tile id="1697" type="canopy"/>
 <tile id="1698" type="canopy"/>
 <tile id="1699" type="canopy"/>
 <tile id="1700" type="canopy"/>
 <tile id="1701" type="canopy"/>
 <tile id="1702" type="canopy"/>
 <tile id="1703" type="canopy"/>
 <tile id="1704" type="canopy"/>
 <tile id="1705" type="canopy"/>
 <tile id="1706" type="canopy"/>
 <tile id="1707" type="canopy"/>
 <tile id="1708" type="canopy"/>
 <tile id="1709" type="canopy"/>
 <tile id="1710" type="canopy"/>
 <tile id="1711" type="canopy"/>
 <tile id="1712" type="canopy"/>
 <tile id="1713" type="canopy"/>
 <tile id="1714" type="canopy"/>
 <tile id="1715" type="canopy"/>
 <tile id="1716" type="canopy"/>
 <tile id="1717" type="canopy"/>
 <tile id="1718" type="canopy"/>
 <tile id="1719" type="canopy"/>
 <tile id="1720" type="canopy"/>
 <tile id="1721" type="canopy"/>
 <tile id="1722" type="canopy"/>
 <tile id="1723" type="canopy"/>
 <tile id="1724" type="canopy"/>
 <tile id="1725" type="canopy"/>
 <tile id="1726" type="canopy"/>
 <tile id="1727" type="canopy"/>
 <tile id="1728" type="canopy"/>
 <tile id="1729" type="canopy"/>
 <tile id="1730" type="canopy"/>
 <tile id="1731" type="canopy"/>
 <tile id="1732" type="canopy"/>
 <tile id="1733" type="canopy"/>
 <tile id="1734" type="canopy"/>
 <tile id="1735" type="canopy"/>
 <tile id="1736" type="canopy"/>
 <tile id="1737" type="canopy"/>
 <tile id="1738" type="canopy"/>
 <tile id="1739" type="canopy"/>
 <tile id="1740" type="canopy"/>
 <tile id="1741" type="canopy"/>
 <tile id="1742" type="canopy"/>
 <tile id="1743" type="canopy"/>
 <tile id="1744" type="canopy"/>
 <tile id="1745" type="canopy"/>
 <tile id="1746" type="canopy"/>
 <tile id="1747" type="canopy"/>
 <tile id="1748" type="canopy"/>
 <tile id="1749" type="canopy"/>
 <tile id="1750" type="canopy"/>
 <tile id="1751" type="canopy"/>
 <tile id="1752" type="canopy"/>
 <tile id="1753" type="canopy"/>
 <tile id="1754" type="canopy"/>
 <tile id="1755" type="canopy"/>
 <tile id="1756" type="canopy"/>
 <tile id="1757" type="canopy"/>
 <tile id="1758" type="canopy"/>
 <tile id="1759" type="canopy"/>
 <tile id="1760" type="canopy"/>
 <tile id="1761" type="canopy"/>
 <tile id="1762" type="canopy"/>
 <tile id="1763" type="canopy"/>
 <tile id="1764" type="canopy"/>
 <tile id="1765" type="canopy"/>
 <tile id="1766" type="canopy"/>
 <tile id="1767" type="canopy"/>
 <tile id="1768" type="canopy"/>
 <tile id="1769" type="canopy"/>
 <tile id="1770" type="canopy"/>
 <tile id="1771" type="canopy"/>
 <tile id="1772" type="canopy"/>
 <tile id="1773" type="canopy"/>
 <tile id="1774" type="canopy"/>
 <tile id="1775" type="canopy"/>
 <tile id="1776" type="canopy"/>
 <tile id="1777" type="canopy"/>
 <tile id="1778" type="canopy"/>
 <tile id="1779" type="canopy"/>
 <tile id="1780" type="canopy"/>
 <tile id="1781" type="canopy"/>
 <tile id="1782" type="canopy"/>
 <tile id="1783" type="canopy"/>
 <tile id="1784" type="canopy"/>
 <tile id="1785" type="canopy"/>
 <tile id="1786" type="canopy"/>
 <tile id="1787" type="canopy"/>
 <tile id="1788" type="canopy"/>
 <tile id="1789" type="canopy"/>
 <tile id="1790" type="canopy"/>
 <tile id="1791" type="canopy"/>
 <tile id="1792" type="canopy"/>
 <tile id="1793" type="canopy"/>
 <tile id="1794" type="canopy"/>
 <tile id="1795" type="canopy"/>
 <tile id="1796" type="canopy"/>
 <tile id="1797" type="canopy"/>
 <tile id="1798" type="canopy"/>
 <tile id="1799" type="canopy"/>
 <tile id="1800" type="canopy"/>
 <tile id="1801" type="canopy"/>
 <tile id="1802" type="canopy"/>
 <tile id="1803" type="canopy"/>
 <tile id="1804" type="canopy"/>
 <tile id="1805" type="canopy"/>
 <tile id="1806" type="canopy"/>
 <tile id="1807" type="canopy"/>
 <tile id="1808" type="canopy"/>
 <tile id="1809" type="canopy"/>
 <tile id="1810" type="canopy"/>
 <tile id="1811" type="canopy"/>
 <tile id="1812" type="canopy"/>
 <tile id="1813" type="canopy"/>
 <tile id="1814" type="canopy"/>
 <tile id="1815" type="canopy"/>
 <tile id="1816" type="canopy"/>
 <tile id="1817" type="canopy"/>
 <tile id="1818" type="canopy"/>
 <tile id="1819" type="canopy"/>
 <tile id="1820" type="canopy"/>
 <tile id="1821" type="canopy"/>
 <tile id="1822" type="canopy"/>
 <tile id="1823" type="canopy"/>
 <tile id="1824" type="canopy"/>
 <tile id="1825" type="canopy"/>
 <tile id="1826" type="canopy"/>
 <tile id="1827" type="canopy"/>
 <tile id="1828" type="canopy"/>
 <tile id="1829" type="canopy"/>
 <tile id="1830" type="canopy"/>
 <tile id="1831" type="canopy"/>
 <tile id="1832" type="canopy"/>
 <tile id="1833" type="canopy"/>
 <tile id="1834" type="canopy"/>
 <tile id="1835" type="canopy"/>
 <tile id="1836" type="canopy"/>
 <tile id="1837" type="canopy"/>
 <tile id="1838" type="canopy"/>
 <tile id="1839" type="canopy"/>
 <tile id="1840" type="canopy"/>
 <tile id="1841" type="canopy"/>
 <tile id="1842" type="canopy"/>
 <tile id="1843" type="canopy"/>
 <tile id="1844" type="canopy"/>
 <tile id="1845" type="canopy"/>
 <tile id="1846" type="canopy"/>
 <tile id="1847" type="canopy"/>
 <tile id="1848" type="canopy"/>
 <tile id="1849" type="canopy"/>
 <tile id="1850" type="canopy"/>
 <tile id="1851" type="canopy"/>
 <tile id="1852" type="canopy"/>
 <tile id="1853" type="canopy"/>
 <tile id="1854" type="canopy"/>
 <tile id="1855" type="canopy"/>
 <tile id="1856" type="canopy"/>
 <tile id="1857" type="canopy"/>
 <tile id="1858" type="canopy"/>
 <tile id="1859" type="canopy"/>
 <tile id="1860" type="canopy"/>
 <tile id="1861" type="canopy"/>
 <tile id="1862" type="canopy"/>
 <tile id="1863" type="canopy"/>
 <tile id="1864" type="canopy"/>
 <tile id="1865" type="canopy"/>
 <tile id="1866" type="canopy"/>
 <tile id="1867" type="canopy"/>
 <tile id="1868" type="canopy"/>
 <tile id="1869" type="canopy"/>
 <tile id="1870" type="canopy"/>
 <tile id="1871" type="canopy"/>
 <tile id="1872" type="canopy"/>
 <tile id="1873" type="canopy"/>
 <tile id="1874" type="canopy"/>
 <tile id="1875" type="canopy"/>
 <tile id="1876" type="canopy"/>
 <tile id="1877" type="canopy"/>
 <tile id="1878" type="canopy"/>
 <tile id="1879" type="canopy"/>
 <tile id="1880" type="canopy"/>
 <tile id="1881" type="canopy"/>
 <tile id="1882" type="canopy"/>
 <tile id="1883" type="canopy"/>
 <tile id="1884" type="canopy"/>
 <tile id="1885" type="canopy"/>
 <tile id="1886" type="canopy"/>
 <tile id="1887" type="canopy"/>
 <tile id="1888" type="canopy"/>
 <tile id="1889" type="canopy"/>
 <tile id="1890" type="canopy"/>
 <tile id="1891" type="canopy"/>
 <tile id="1892" type="canopy"/>
 <tile id="1893" type="canopy"/>
 <tile id="1894" type="canopy"/>
 <tile id="1895" type="canopy"/>
 <tile id="1896" type="canopy"/>
 <tile id="1897" type="canopy"/>
 <tile id="1898" type="canopy"/>
 <tile id="1899" type="canopy"/>
 <tile id="1900" type="canopy"/>
 <tile id="1901" type="canopy"/>
 <tile id="1902" type="canopy"/>
 <tile id="1903" type="canopy"/>
 <tile id="1904" type="canopy"/>
 <tile id="1905" type="canopy"/>
 <tile id="1906" type="canopy"/>
 <tile id="1907" type="canopy"/>
 <tile id="1908" type="canopy"/>
 <tile id="1909" type="canopy"/>
 <tile id="1910" type="canopy"/>
 <tile id="1911" type="canopy"/>
 <tile id="1912" type="canopy"/>
 <tile id="1913" type="canopy"/>
 <tile id="1914" type="canopy"/>
 <tile id="1915" type="canopy"/>
 <tile id="1916" type="canopy"/>
 <tile id="1917" type="canopy"/>
 <tile id="1918" type="canopy"/>
 <tile id="1919" type="canopy"/>
 <tile id="1920" type="canopy"/>
 <tile id="1921" type="canopy"/>
 <tile id="1922" type="canopy"/>
 <tile id="1923" type="canopy"/>
 <tile id="1924" type="canopy"/>
 <tile id="1925" type="canopy"/>
 <tile id="1926" type="canopy"/>
 <tile id="1927" type="canopy"/>
 <tile id="1928" type="canopy"/>
 <tile id="1929" type="canopy"/>
 <tile id="1930" type="canopy"/>
 <tile id="1931" type="canopy"/>
 <tile id="1932" type="canopy"/>
 <tile id="1933" type="canopy"/>
 <tile id="1934" type="canopy"/>
 <tile id="1935" type="canopy"/>
 <tile id="1936" type="canopy"/>
 <tile id="1937" type="canopy"/>
 <tile id="1938" type="canopy"/>
 <tile id="1939" type="canopy"/>
 <tile id="1940" type="canopy"/>
 <tile id="1941" type="canopy"/>
 <tile id="1942" type="canopy"/>
 <tile id="1943" type="canopy"/>
 <tile id="1944" type="canopy"/>
 <tile id="1945" type="canopy"/>
 <tile id="1946" type="canopy"/>
 <tile id="1947" type="canopy"/>
 <tile id="1948" type="canopy"/>
 <tile id="1949" type="canopy"/>
 <tile id="1950" type="canopy"/>
 <tile id="1951" type="canopy"/>
 <tile id="1952" type="canopy"/>
 <tile id="1953" type="canopy"/>
 <tile id="1954" type="canopy"/>
 <tile id="1955" type="canopy"/>
 <tile id="1956" type="canopy"/>
 <tile id="1957" type="canopy"/>
 <tile id="1958" type="canopy"/>
 <tile id="1959" type="canopy"/>
 <tile id="1960" type="canopy"/>
 <tile id="1961" type="canopy"/>
 <tile id="1962" type="canopy"/>
 <tile id="1963" type="canopy"/>
 <tile id="1964" type="canopy"/>
 <tile id="1965" type="canopy"/>
 <tile id="1966" type="canopy"/>
 <tile id="1967" type="canopy"/>
 <tile id="1968" type="canopy"/>
 <tile id="1969" type="canopy"/>
 <tile id="1970" type="canopy"/>
 <tile id="1971" type="canopy"/>
 <tile id="1972" type="canopy"/>
 <tile id="1973" type="canopy"/>
 <tile id="1974" type="canopy"/>
 <tile id="1975" type="canopy"/>
 <tile id="1976" type="canopy"/>
 <tile id="1977" type="canopy"/>
 <tile id="1978" type="canopy"/>
 <tile id="1979" type="canopy"/>
 <tile id="1980" type="canopy"/>
 <tile id="1981" type="canopy"/>
 <tile id="1982" type="canopy"/>
 <tile id="1983" type="canopy"/>
 <tile id="1984" type="canopy"/>
 <tile id="1985" type="canopy"/>
 <tile id="1986" type="canopy"/>
 <tile id="1987" type="canopy"/>
 <tile id="1988" type="canopy"/>
 <tile id="1989" type="canopy"/>
 <tile id="1990" type="canopy"/>
 <tile id="1991" type="canopy"/>
 <tile id="1992" type="canopy"/>
 <tile id="1993" type="canopy"/>
 <tile id="1994" type="canopy"/>
 <tile id="1995" type="canopy"/>
 <tile id="1996" type="canopy"/>
 <tile id="1997" type="canopy"/>
 <tile id="1998" type="canopy"/>
 <tile id="1999" type="canopy"/>
 <tile id="2000" type="canopy"/>
 <tile id="2001" type="canopy"/>
 <tile id="2002" type="canopy"/>
 <tile id="2003" type="canopy"/>
 <tile id="2004" type="canopy"/>
 <tile id="2005" type="canopy"/>
 <tile id="2006" type="canopy"/>
 <tile id="2007" type="canopy"/>
 <tile id="2008" type="canopy"/>
 <tile id="2009" type="canopy"/>
 <tile id="2010" type="canopy"/>
 <tile id="2011" type="canopy"/>
 <tile id="2012" type="canopy"/>
 <tile id="2013" type="canopy"/>
 <tile id="2014" type="canopy"/>
 <tile id="2015" type="canopy"/>
 <tile id="2016" type="canopy"/>
 <tile id="2017" type="canopy"/>
 <tile id="2018" type="canopy"/>
 <tile id="2019" type="canopy"/>
 <tile id="2020" type="canopy"/>
 <tile id="2021" type="canopy"/>
 <tile id="2022" type="canopy"/>
 <tile id="2023" type="canopy"/>
 <tile id="2024" type="canopy"/>
 <tile id="2025" type="canopy"/>
 <tile id="2026" type="canopy"/>
 <tile id="2027" type="canopy"/>
 <tile id="2028" type="canopy"/>
 <tile id="2029" type="canopy"/>
 <tile id="2030" type="canopy"/>
 <tile id="2031" type="canopy"/>
 <tile id="2032" type="canopy"/>
 <tile id="2033" type="canopy"/>
 <tile id="2034" type="canopy"/>
 <tile id="2035" type="canopy"/>
 <tile id="2036" type="canopy"/>
 <tile id="2037" type="canopy"/>
 <tile id="2038" type="canopy"/>
 <tile id="2039" type="canopy"/>
 <tile id="2040" type="canopy"/>
 <tile id="2041" type="canopy"/>
 <tile id="2042" type="canopy"/>
 <tile id="2043" type="canopy"/>
 <tile id="2044" type="canopy"/>
 <tile id="2045" type="canopy"/>
 <tile id="2046" type="canopy"/>
 <tile id="2047" type="canopy"/>
 <tile id="2048" type="canopy"/>
 <tile id="2049" type="canopy"/>
 <tile id="2050" type="canopy"/>
 <tile id="2051" type="canopy"/>
 <tile id="2052" type="canopy"/>
 <tile id="2053" type="canopy"/>
 <tile id="2054" type="canopy"/>
 <tile id="2055" type="canopy"/>
 <tile id="2056" type="canopy"/>
 <tile id="2057" type="canopy"/>
 <tile id="2058" type="canopy"/>
 <tile id="2059" type="canopy"/>
 <tile id="2060" type="canopy"/>
 <tile id="2061" type="canopy"/>
 <tile id="2062" type="canopy"/>
 <tile id="2063" type="canopy"/>
 <tile id="2064" type="canopy"/>
 <tile id="2065" type="canopy"/>
 <tile id="2066" type="canopy"/>
 <tile id="2067" type="canopy"/>
 <tile id="2068" type="canopy"/>
 <tile id="2069" type="canopy"/>
 <tile id="2070" type="canopy"/>
 <tile id="2071" type="canopy"/>
 <tile id="2072" type="canopy"/>
 <tile id="2073" type="canopy"/>
 <tile id="2074" type="canopy"/>
 <tile id="2075" type="canopy"/>
 <tile id="2076" type="canopy"/>
 <tile id="2077" type="canopy"/>
 <tile id="2078" type="canopy"/>
 <tile id="2079" type="canopy"/>
 <tile id="2080" type="canopy"/>
 <tile id="2081" type="canopy"/>
 <tile id="2082" type="canopy"/>
 <tile id="2083" type="canopy"/>
 <tile id="2084" type="canopy"/>
 <tile id="2085" type="canopy"/>
 <tile id="2086" type="canopy"/>
 <tile id="2087" type="canopy"/>
 <tile id="2088" type="canopy"/>
 <tile id="2089" type="canopy"/>
 <tile id="2090" type="canopy"/>
 <tile id="2091" type="canopy"/>
 <tile id="2092" type="canopy"/>
 <tile id="2093" type="canopy"/>
 <tile id="2094" type="canopy"/>
 <tile id="2095" type="canopy"/>
 <tile id="2096" type="canopy"/>
 <tile id="2097" type="canopy"/>
 <tile id="2098" type="canopy"/>
 <tile id="2099" type="canopy"/>
 <tile id="2100" type="canopy"/>
 <tile id="2101" type="canopy"/>
 <tile id="2102" type="canopy"/>
 <tile id="2103" type="canopy"/>
 <tile id="2104" type="canopy"/>
 <tile id="2105" type="canopy"/>
 <tile id="2106" type="canopy"/>
 <tile id="2107" type="canopy"/>
 <tile id="2108" type="canopy"/>
 <tile id="2109" type="canopy"/>
 <tile id="2110" type="canopy"/>
 <tile id="2111" type="canopy"/>
 <tile id="2112" type="canopy"/>
 <tile id="2113" type="canopy"/>
 <tile id="2114" type="canopy"/>
 <tile id="2115" type="canopy"/>
 <tile id="2116" type="canopy"/>
 <tile id="2117" type="canopy"/>
 <tile id="2118" type="canopy"/>
 <tile id="2119" type="canopy"/>
 <tile id="2120" type="canopy"/>
 <tile id="2121" type="canopy"/>
 <tile id="2122" type="canopy"/>
 <tile id="2123" type="canopy"/>
 <tile id="2124" type="canopy"/>
 <tile id="2125" type="canopy"/>
 <tile id="2126" type="canopy"/>
 <tile id="2127" type="canopy"/>
 <tile id="2128" type="canopy"/>
 <tile id="2129" type="canopy"/>
 <tile id="2130" type="canopy"/>
 <tile id="2131" type="canopy"/>
 <tile id="2132" type="canopy"/>
 <tile id="2133" type="canopy"/>
 <tile id="2134" type="canopy"/>
 <tile id="2135" type="canopy"/>
 <tile id="2136" type="canopy"/>
 <tile id="2137" type="canopy"/>
 <tile id="2138" type="canopy"/>
 <tile id="2139" type="canopy"/>
 <tile id="2140" type="canopy"/>
 <tile id="2141" type="canopy"/>
 <tile id="2142" type="canopy"/>
 <tile id="2143" type="canopy"/>
 <tile id="2144" type="canopy"/>
 <tile id="2145" type="canopy"/>
 <tile id="2146" type="canopy"/>
 <tile id="2147" type="canopy"/>
 <tile id="2148" type="canopy"/>
 <tile id="2149" type="canopy"/>
 <tile id="2150" type="canopy"/>
 <tile id="2151" type="canopy"/>
 <tile id="2152" type="canopy"/>
 <tile id="2153" type="canopy"/>
 <tile id="2154" type="canopy"/>
 <tile id="2155" type="canopy"/>
 <tile id="2156" type="canopy"/>
 <tile id="2157" type="canopy"/>
 <tile id="2158" type="canopy"/>
 <tile id="2159" type="canopy"/>
 <tile id="2160" type="canopy"/>
 <tile id="2161" type="canopy"/>
 <tile id="2162" type="canopy"/>
 <tile id="2163" type="canopy"/>
 <tile id="2164" type="canopy"/>
 <tile id="2165" type="canopy"/>
 <tile id="2166" type="canopy"/>
 <tile id="2167" type="canopy"/>
 <tile id="2168" type="canopy"/>
 <tile id="2169" type="canopy"/>
 <tile id="2170" type="canopy"/>
 <tile id="2171" type="canopy"/>
 <tile id="2172" type="canopy"/>
 <tile id="2173" type="canopy"/>
 <tile id="2174" type="canopy"/>
 <tile id="2175" type="canopy"/>
 <tile id="2176" type="canopy"/>
 <tile id="2177" type="canopy"/>
 <tile id="2178" type="canopy"/>
 <tile id="2179" type="canopy"/>
 <tile id="2180" type="canopy"/>
 <tile id="2181" type="canopy"/>
 <tile id="2182" type="canopy"/>
 <tile id="2183" type="canopy"/>
 <tile id="2184" type="canopy"/>
 <tile id="2185" type="canopy"/>
 <tile id="2186" type="canopy"/>
 <tile id="2187" type="canopy"/>
 <tile id="2188" type="canopy"/>
 <tile id="2189" type="canopy"/>
 <tile id="2190" type="canopy"/>
 <tile id="2191" type="canopy"/>
 <tile id="2192" type="canopy"/>
 <tile id="2193" type="canopy"/>
 <tile id="2194" type="canopy"/>
 <tile id="2195" type="canopy"/>
 <tile id="2196" type="canopy"/>
 <tile id="2197" type="canopy"/>
 <tile id="2198" type="canopy"/>
 <tile id="2199" type="canopy"/>
 <tile id="2200" type="canopy"/>
 <tile id="2201" type="canopy"/>
 <tile id="2202" type="canopy"/>
 <tile id="2203" type="canopy"/>
 <tile id="2204" type="canopy"/>
 <tile id="2205" type="canopy"/>
 <tile id="2206" type="canopy"/>
 <tile id="2207" type="canopy"/>
 <tile id="2208" type="canopy"/>
 <tile id="2209" type="canopy"/>
 <tile id="2210" type="canopy"/>
 <tile id="2211" type="canopy"/>
 <tile id="2212" type="canopy"/>
 <tile id="2213" type="canopy"/>
 <tile id="2214" type="canopy"/>
 <tile id="2215" type="canopy"/>
 <tile id="2216" type="canopy"/>
 <tile id="2217" type="canopy"/>
 <tile id="2218" type="canopy"/>
 <tile id="2219" type="canopy"/>
 <tile id="2220" type="canopy"/>
 <tile id="2221" type="canopy"/>
 <tile id="2222" type="canopy"/>
 <tile id="2223" type="canopy"/>
 <tile id="2224" type="canopy"/>
 <tile id="2225" type="canopy"/>
 <tile id="2226" type="canopy"/>
 <tile id="2227" type="canopy"/>
 <tile id="2228" type="canopy"/>
 <tile id="2229" type="canopy"/>
 <tile id="2230" type="canopy"/>
 <tile id="2231" type="canopy"/>
 <tile id="2232" type="canopy"/>
 <tile id="2233" type="canopy"/>
 <tile id="2234" type="canopy"/>
 <tile id="2235" type="canopy"/>
 <tile id="2236" type="canopy"/>
 <tile id="2237" type="canopy"/>
 <tile id="2238" type="canopy"/>
 <tile id="2239" type="canopy"/>
 <tile id="2240" type="canopy"/>
 <tile id="2241" type="canopy"/>
 <tile id="2242" type="canopy"/>
 <tile id="2243" type="canopy"/>
 <tile id="2244" type="canopy"/>
 <tile id="2245" type="canopy"/>
 <tile id="2246" type="canopy"/>
 <tile id="2247" type="canopy"/>
 <tile id="2248" type="canopy"/>
 <tile id="2249" type="canopy"/>
 <tile id="2250" type="canopy"/>
 <tile id="2251" type="canopy"/>
 <tile id="2252" type="canopy"/>
 <tile id="2253" type="canopy"/>
 <tile id="2254" type="canopy"/>
 <tile id="2255" type="canopy"/>
 <tile id="2256" type="canopy"/>
 <tile id="2257" type="canopy"/>
 <tile id="2258" type="canopy"/>
 <tile id="2259" type="canopy"/>
 <tile id="2260" type="canopy"/>
 <tile id="2261" type="canopy"/>
 <tile id="2262" type="canopy"/>
 <tile id="2263" type="canopy"/>
 <tile id="2264" type="canopy"/>
 <tile id="2265" type="canopy"/>
 <tile id="2266" type="canopy"/>
 <tile id="2267" type="canopy"/>
 <tile id="2268" type="canopy"/>
 <tile id="2269" type="canopy"/>
 <tile id="2270" type="canopy"/>
 <tile id="2271" type="canopy"/>
 <tile id="2272" type="canopy"/>
 <tile id="2273" type="canopy"/>
 <tile id="2274" type="canopy"/>
 <tile id="2275" type="canopy"/>
 <tile id="2276" type="canopy"/>
 <tile id="2277" type="canopy"/>
 <tile id="2278" type="canopy"/>
 <tile id="2279" type="canopy"/>
 <tile id="2280" type="canopy"/>
 <tile id="2281" type="canopy"/>
 <tile id="2282" type="canopy"/>
 <tile id="2283" type="canopy"/>
 <tile id="2284" type="canopy"/>
 <tile id="2285" type="canopy"/>
 <tile id="2286" type="canopy"/>
 <tile id="2287" type="canopy"/>
 <tile id="2288" type="canopy"/>
 <tile id="2289" type="canopy"/>
 <tile id="2290" type="canopy"/>
 <tile id="2291" type="canopy"/>
 <tile id="2292" type="canopy"/>
 <tile id="2293" type="canopy"/>
 <tile id="2294" type="canopy"/>
 <tile id="2295" type="canopy"/>
 <tile id="2296" type="canopy"/>
 <tile id="2297" type="canopy"/>
 <tile id="2298" type="canopy"/>
 <tile id="2299" type="canopy"/>
 <tile id="2300" type="canopy"/>
 <tile id="2301" type="canopy"/>
 <tile id="2302" type="canopy"/>
 <tile id="2303" type="canopy"/>
 <tile id="2304" type="canopy"/>
 <tile id="2305" type="canopy"/>
 <tile id="2306" type="canopy"/>
 <tile id="2307" type="canopy"/>
 <tile id="2308" type="canopy"/>
 <tile id="2309" type="canopy"/>
 <tile id="2310" type="canopy"/>
</tileset>
